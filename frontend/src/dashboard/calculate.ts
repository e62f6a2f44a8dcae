/** One number of many. */

import type { Point } from "../api/prometheus";

export const CALCULATIONS: Readonly<Record<string, (values: readonly number[]) => number | null>> = {
  lastNotNull: (values) => values.at(-1) ?? null,
  last: (values) => values.at(-1) ?? null,
  firstNotNull: (values) => values[0] ?? null,
  first: (values) => values[0] ?? null,
  min: (values) => extreme(values, Math.min),
  max: (values) => extreme(values, Math.max),
  sum: (values) => (values.length ? sum(values) : null),
  mean: (values) => (values.length ? sum(values) / values.length : null),
  count: (values) => values.length,
  range: (values) => difference(extreme(values, Math.max), extreme(values, Math.min)),
  diff: (values) => difference(values.at(-1) ?? null, values[0] ?? null),
};

/** How the calculations are called. */
export const NAMES: Readonly<Record<string, string>> = {
  lastNotNull: "Last", last: "Last", firstNotNull: "First", first: "First", min: "Min", max: "Max",
  sum: "Total", mean: "Mean", count: "Count", range: "Range", diff: "Difference",
};

function sum(values: readonly number[]): number {
  return values.reduce((known, each) => known + each, 0);
}

function extreme(values: readonly number[], choose: (a: number, b: number) => number): number | null {
  return values.length ? values.reduce((known, each) => choose(known, each)) : null;
}

function difference(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one - other;
}

/** The calculation of that name over the numbers of some points; null where there is none to calculate with. */
export function calculated(name: string, points: readonly Point[]): number | null {
  const values = points.map(([, value]) => value).filter((value) => !Number.isNaN(value));
  return (CALCULATIONS[name] ?? CALCULATIONS["lastNotNull"])?.(values) ?? null;
}
