/** The one value of each series that a stat, gauge, bar or slice shows. */

import { calculated } from "../dashboard/calculate";
import { display, paint, type Display } from "../dashboard/fields";
import { paletteFor } from "../format/colour";
import type { Answer, Named } from "../dashboard/answers";
import type { FieldOptions, Panel } from "../dashboard/model";

export interface Value {
  readonly name: string;
  readonly value: number;
  readonly display: Display;
  readonly field: FieldOptions;
  readonly series: Named;
}

/** Values of series that have one, in their order. */
export function valuesOf(panel: Panel, { series }: Answer): readonly Value[] {
  const calculation = panel.options?.reduceOptions?.calcs?.[0] ?? "lastNotNull";
  return series.flatMap((each) => {
    const value = calculated(calculation, each.points);
    return value === null ? [] : [{ name: each.name, value, display: display(each.field, value), field: each.field, series: each }];
  });
}

/** A colour for each series: its own, else one by its name. */
export function coloursOf(series: readonly { readonly name: string; readonly field: FieldOptions }[]): (name: string) => string {
  const palette = paletteFor(series.map(({ name }) => name));
  const own = new Map(series.map(({ name, field }) => [name, field.color?.mode === "fixed" ? field.color.fixedColor : undefined]));
  return (name) => paint(own.get(name) ?? null, palette.get(name) ?? "#7D8899");
}

/** The colour of a part among others: what it means or its thresholds where the dashboard says so, else its own. */
export function paintOf({ name, display: { colour, isMapped }, field }: Value, own: (name: string) => string): string {
  const counts = isMapped || field.color?.mode === "thresholds";
  return counts && colour !== null ? paint(colour, own(name)) : own(name);
}

/** The lowest and highest of a scale: as the field says, else so that all values lie on it. */
export function scaleOf(values: readonly Value[], field: FieldOptions): readonly [number, number] {
  const all = values.map(({ value }) => value).filter(Number.isFinite);
  const isShare = field.unit === "percentunit" || field.unit === "percent";
  const low = field.min ?? Math.min(0, ...all);
  const high = field.max ?? (isShare && Math.max(...all) <= (field.unit === "percent" ? 100 : 1) && low >= 0 ? (field.unit === "percent" ? 100 : 1) : Math.max(0, ...all));
  return high > low ? [low, high] : [low, low + 1];
}
