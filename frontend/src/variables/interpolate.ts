/** Variables put into queries, titles and links, as Grafana does. */

/** What was chosen: the values, or all of them, for which `allValue` may stand. */
export interface Choice {
  readonly values: readonly string[];
  readonly isAll: boolean;
  readonly allValue: string | null;
  readonly isMulti: boolean;
  readonly texts?: readonly string[];
}

export type Choices = Readonly<Record<string, Choice>>;

const REFERENCE = /\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?:\.[^:}]+)?(?::([^}]+))?\}/g;

const inRegex = (value: string): string => value.replace(/[\\^$*+?.()|[\]{}/]/g, "\\$&");
const inQuotes = (value: string): string => value.replace(/\\/g, "\\\\").replace(/"/g, '\\"');
/** A value within a regular expression within PromQL's quotes. */
const inSelector = (value: string): string =>
  value.replace(/\\/g, "\\\\\\\\").replace(/[$^*{}[\]'+?.()|]/g, "\\\\$&").replace(/"/g, '\\"');

const FORMATS: Readonly<Record<string, (values: readonly string[]) => string>> = {
  raw: (values) => values.join(","),
  csv: (values) => values.join(","),
  pipe: (values) => values.join("|"),
  regex: (values) => (values.length === 1 ? inRegex(values[0] ?? "") : `(${values.map(inRegex).join("|")})`),
  doublequote: (values) => values.map((each) => `"${inQuotes(each)}"`).join(","),
  singlequote: (values) => values.map((each) => `'${each.replace(/'/g, "\\'")}'`).join(","),
  json: (values) => JSON.stringify(values.length === 1 ? values[0] : values),
  percentencode: (values) => encodeURIComponent(values.length === 1 ? (values[0] ?? "") : `{${values.join(",")}}`),
};

/** What a choice is in PromQL: plain for a variable of one value, else a regular expression. */
function inPromql(choice: Choice): string {
  if (choice.isAll && choice.allValue !== null) return choice.allValue;
  if (!choice.isMulti && !choice.isAll) return inQuotes(choice.values[0] ?? "");
  const values = choice.values.map(inSelector);
  return values.length === 1 ? (values[0] ?? "") : `(${values.join("|")})`;
}

function inWords(choice: Choice): string {
  if (choice.isAll) return "All";
  const texts = choice.texts ?? choice.values;
  return texts.length === 1 ? (texts[0] ?? "") : texts.join(" + ");
}

function replaced(text: string, choices: Choices, plain: (choice: Choice) => string): string {
  return text.replace(REFERENCE, (whole: string, ...found: unknown[]) => {
    const [bare, square, squareFormat, braced, bracedFormat] = found as (string | undefined)[];
    const choice = choices[bare ?? square ?? braced ?? ""];
    if (!choice) return whole;
    const format = squareFormat ?? bracedFormat;
    if (format === "text") return inWords(choice);
    if (format === "queryparam") return choice.values.map((each) => `var-${braced ?? square ?? ""}=${encodeURIComponent(each)}`).join("&");
    if (format !== undefined && choice.isAll && choice.allValue !== null) return choice.allValue;
    return (FORMATS[format ?? ""] ?? (() => plain(choice)))(choice.values);
  });
}

/** A query with its variables and macros filled in; what is not known stays as it is written. */
export function query(text: string, choices: Choices, macros: Readonly<Record<string, string>>): string {
  const fixed = Object.fromEntries(
    Object.entries(macros).map(([name, value]): [string, Choice] => [name, { values: [value], isAll: true, allValue: value, isMulti: false }]),
  );
  return replaced(text, { ...choices, ...fixed }, inPromql);
}

/** A title or text with its variables filled in. */
export function words(text: string, choices: Choices): string {
  return replaced(text, choices, inWords);
}
