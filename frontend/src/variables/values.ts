/** What a variable offers, asked of Prometheus or read from its own text. */

import type { Prometheus } from "../api/prometheus";
import type { Range } from "../time/range";

export interface Option {
  readonly text: string;
  readonly value: string;
}

const LABEL_VALUES = /^\s*label_values\(\s*(?:(.*?)\s*,\s*)?([a-zA-Z_][a-zA-Z0-9_]*)\s*\)\s*$/s;
const LABEL_NAMES = /^\s*label_names\(\s*(.*?)\s*\)\s*$/s;
const METRICS = /^\s*metrics\((.*)\)\s*$/s;
const QUERY_RESULT = /^\s*query_result\((.*)\)\s*$/s;

/** What the query of a variable finds; raises what Prometheus answers. */
export async function asked(query: string, prometheus: Prometheus, range: Range): Promise<readonly string[]> {
  const values = LABEL_VALUES.exec(query);
  if (values) return prometheus.labelValues(values[2] ?? "", values[1] ?? "", range);
  if (LABEL_NAMES.test(query)) return prometheus.labelNames(LABEL_NAMES.exec(query)?.[1] ?? "", range);
  const metrics = METRICS.exec(query);
  if (metrics) {
    const names = await prometheus.labelValues("__name__", "", range);
    return names.filter((name) => new RegExp(metrics[1] ?? "").test(name));
  }
  const result = QUERY_RESULT.exec(query);
  if (result) {
    const series = await prometheus.instant(result[1] ?? "", range.to);
    return series.map(({ labels, points: [[at, value] = [0, NaN]] }) => `${selector(labels)} ${value} ${at}`);
  }
  return prometheus.seriesSelectors(query, range);
}

/** A series as a selector: `name{label="value"}`. */
export function selector(labels: Readonly<Record<string, string>>): string {
  const { __name__: name = "", ...others } = labels;
  return `${name}{${Object.entries(others).map(([label, value]) => `${label}="${value}"`).join(",")}}`;
}

/** The values that a regular expression permits; a group, or groups `text` and `value`, take a part. */
export function filtered(values: readonly string[], regex: string): readonly Option[] {
  const plain = values.map((each) => ({ text: each, value: each }));
  if (!regex) return unique(plain);
  const pattern = regularExpression(regex);
  if (!pattern) return unique(plain);
  return unique(values.flatMap((each) => {
    const found = pattern.exec(each);
    if (!found) return [];
    const value = found.groups?.["value"] ?? found.groups?.["text"] ?? found[1] ?? found[0];
    return [{ value, text: found.groups?.["text"] ?? value }];
  }));
}

function regularExpression(text: string): RegExp | null {
  const framed = /^\/(.*)\/([a-z]*)$/s.exec(text);
  try {
    return framed ? new RegExp(framed[1] ?? "", (framed[2] ?? "").replace("g", "")) : new RegExp(`^${text}$`);
  } catch {
    return null;
  }
}

function unique(options: readonly Option[]): readonly Option[] {
  return [...new Map(options.filter(({ value }) => value !== "").map((each) => [each.value, each])).values()];
}

const compared = new Intl.Collator("en", { sensitivity: "base" });
const number = (option: Option): number => Number(/\d+/.exec(option.text)?.[0] ?? -1);

/** Sorted as Grafana's numbers say: 0 not, 1 and 2 by text, 3 and 4 by number, 5 and 6 by text whatever its case. */
export function sorted(options: readonly Option[], order: number): readonly Option[] {
  if (order === 0) return options;
  const by = order === 3 || order === 4
    ? (a: Option, b: Option) => number(a) - number(b)
    : order > 4
      ? (a: Option, b: Option) => compared.compare(a.text, b.text)
      : (a: Option, b: Option) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
  const found = [...options].sort(by);
  return order % 2 === 0 ? found.reverse() : found;
}

/** What a custom variable lists: values apart by commas, each perhaps as `text : value`. */
export function listed(text: string): readonly Option[] {
  return text.split(/(?<!\\),/).map((each) => each.trim().replace(/\\,/g, ",")).filter((each) => each !== "").map((each) => {
    const pair = /^(.+?)\s:\s(.+)$/s.exec(each);
    return pair ? { text: pair[1] ?? "", value: pair[2] ?? "" } : { text: each, value: each };
  });
}
