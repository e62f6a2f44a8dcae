/** The variables of a dashboard: what each offers and what is chosen, each asked as soon as those it mentions are known. */

import type { Prometheus } from "../api/prometheus";
import type { Variable } from "../dashboard/model";
import { ALL } from "../dashboard/state";
import type { Range } from "../time/range";
import { query as filled, type Choice, type Choices } from "./interpolate";
import { asked, filtered, listed, sorted, type Option } from "./values";

/** A variable with what it offers now. */
export interface Offered {
  readonly variable: Variable;
  readonly options: readonly Option[];
  readonly choice: Choice;
  readonly problem: string | null;
}

const many = (value: string | readonly string[] | undefined): readonly string[] => (value === undefined ? [] : typeof value === "string" ? [value] : value);

/** Everything that a dashboard's variables offer, with what `wanted` (by the address) and their files choose. */
export async function offered(variables: readonly Variable[], wanted: Readonly<Record<string, readonly string[]>>, prometheus: Prometheus, range: Range): Promise<readonly Offered[]> {
  const known = new Map<string, Promise<Offered>>();
  for (const [at, variable] of variables.entries()) {
    const needed = variables.slice(0, at).filter(({ name }) => mentions(variable, name));
    const choices = needed.map(async (each): Promise<readonly [string, Choice | undefined]> =>
      [each.name, certain(each, wanted[each.name]) ?? (await known.get(each.name))?.choice]);
    known.set(variable.name, Promise.all(choices).then((before) => offer(variable, wanted[variable.name], prometheus, range, choicesBy(before))));
  }
  return Promise.all(variables.flatMap(({ name }) => known.get(name) ?? []));
}

function choicesBy(found: readonly (readonly [name: string, choice: Choice | undefined])[]): Choices {
  return Object.fromEntries(found.flatMap(([name, choice]) => (choice ? [[name, choice]] : [])));
}

/** What a variable stands for in queries whatever it offers: all, for which it has a value of its own; null where that must be asked. */
function certain(variable: Variable, wanted: readonly string[] | undefined): Choice | null {
  const isAll = variable.includeAll === true && (wanted ?? many(variable.current?.value)).includes(ALL);
  return isAll && variable.allValue ? { values: [], isAll, allValue: variable.allValue, isMulti: variable.multi === true } : null;
}

const textOf = ({ query: question }: Variable): string => (typeof question === "string" ? question : (question?.query ?? ""));

/** Whether a variable's own query waits for the choice of another. */
function mentions(variable: Variable, name: string): boolean {
  return new RegExp(`\\$\\{?${name}\\b|\\[\\[${name}\\b`).test(textOf(variable));
}

async function offer(variable: Variable, wanted: readonly string[] | undefined, prometheus: Prometheus, range: Range, choices: Choices): Promise<Offered> {
  const [options, problem] = await optionsOf(variable, prometheus, range, choices);
  return { variable, options, choice: chosen(variable, options, wanted ?? many(variable.current?.value)), problem };
}

async function optionsOf(variable: Variable, prometheus: Prometheus, range: Range, choices: Choices): Promise<readonly [readonly Option[], string | null]> {
  const question = textOf(variable);
  if (variable.type === "custom") return [listed(question), null];
  if (variable.type === "interval") return [listed(question), null];
  if (variable.type === "datasource") return [[{ text: "Prometheus", value: "prometheus" }], null];
  if (variable.type !== "query") return [question ? [{ text: question, value: question }] : [], null];
  try {
    const macros = { __range: `${Math.round((range.to - range.from) / 1000)}s`, __range_s: String(Math.round((range.to - range.from) / 1000)) };
    const values = await asked(filled(question, choices, macros), prometheus, range);
    return [sorted(filtered(values, variable.regex ?? ""), variable.sort ?? 0), null];
  } catch (error) {
    return [[], error instanceof Error ? error.message : String(error)];
  }
}

/** What of the wanted values there is; else all where that is allowed, else the first. */
export function chosen(variable: Variable, options: readonly Option[], wanted: readonly string[]): Choice {
  const offers = new Map(options.map(({ value, text }) => [value, text]));
  const isMulti = variable.multi === true;
  const allValue = variable.allValue || null;
  const kept = wanted.filter((each) => each !== ALL && (offers.has(each) || variable.type === "textbox" || offers.size === 0));
  const isAll = variable.includeAll === true && (wanted.includes(ALL) || kept.length === 0);
  if (isAll) return { values: options.map(({ value }) => value), isAll, allValue, isMulti };
  const values = kept.length ? (isMulti ? kept : kept.slice(0, 1)) : options.slice(0, 1).map(({ value }) => value);
  return { values, isAll: false, allValue, isMulti, texts: values.map((each) => offers.get(each) ?? each) };
}

/** The choices by name. */
export function choicesOf(all: readonly Offered[]): Choices {
  return Object.fromEntries(all.map(({ variable, choice }) => [variable.name, choice]));
}
