/** Axes that all charts have alike. */

import { formatted, shown } from "../format/units";
import { text } from "../dashboard/fields";
import type { FieldOptions } from "../dashboard/model";
import type { Range } from "../time/range";
import { utc } from "../time/range";
import { inks } from "./chart";

type Axis = Readonly<Record<string, unknown>>;

const DAY = 864e5;
const SPLITS = 4;
const MOST_DECIMALS = 6;

/** Time from left to right, UTC. */
export function timeAxis(range: Range): Axis {
  const { soft, grid } = inks();
  const isLong = range.to - range.from > 3 * DAY;
  return {
    type: "time", min: range.from, max: range.to,
    axisLine: { show: true, lineStyle: { color: grid } }, axisTick: { show: false }, splitLine: { show: false },
    axisLabel: { color: soft, fontSize: 11, hideOverlap: true, showMinLabel: false, showMaxLabel: false, formatter: (at: number) => tick(at, isLong, range) },
  };
}

function tick(at: number, isLong: boolean, range: Range): string {
  const date = new Date(at).toISOString();
  const day = `${Number(date.slice(8, 10))} ${MONTHS[Number(date.slice(5, 7)) - 1] ?? ""}`;
  if (range.to - range.from > 300 * DAY) return `${MONTHS[Number(date.slice(5, 7)) - 1] ?? ""} ${date.slice(0, 4)}`;
  if (isLong || at % DAY === 0) return day;
  return range.to - range.from <= 5 * 6e4 ? date.slice(11, 19) : date.slice(11, 16);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Values from below to above; the scale follows the data unless the field sets its ends. `spread`: from the least to the largest. */
export function valueAxis(field: FieldOptions, followsData = true, spread: number | null = null): Axis {
  const { soft, grid } = inks();
  const hasEnds = typeof field.min === "number" && typeof field.max === "number";
  return {
    type: "value", scale: followsData, splitNumber: SPLITS,
    min: field.min ?? undefined, max: field.max ?? undefined, ...(hasEnds ? { interval: ((field.max ?? 1) - (field.min ?? 0)) / 4 } : {}),
    axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: grid, width: 1 } },
    axisLabel: { color: soft, fontSize: 11, hideOverlap: true, formatter: (value: number) => ticked(value, field, spread === null ? null : spread / SPLITS) },
  };
}

/** A number beside an axis, without decimals that say nothing, but with those that tell it from the next, `apart` from it. */
export function ticked(value: number, field: FieldOptions, apart: number | null = null): string {
  if (field.mappings?.length) return text(field, value);
  const clean = Number(value.toPrecision(10));
  const unit = field.unit ?? "none";
  const parts = shown(clean, unit, apart ? decimalsApart(clean, unit, apart) : undefined);
  const number = Number(parts.text);
  return parts.prefix + (Number.isNaN(number) ? parts.text : String(number)) + parts.suffix;
}

/** The fewest decimals with which a number and one that is a quarter of `apart` larger look different. */
function decimalsApart(value: number, unit: string, apart: number): number {
  for (let decimals = 0; decimals < MOST_DECIMALS; decimals += 1) {
    if (formatted(value, unit, decimals) !== formatted(value + apart / 4, unit, decimals)) return decimals;
  }
  return MOST_DECIMALS;
}

/** Names from left to right or from above to below. */
export function nameAxis(names: readonly string[]): Axis {
  const { soft, grid } = inks();
  return {
    type: "category", data: [...names], axisLine: { show: true, lineStyle: { color: grid } }, axisTick: { show: false },
    axisLabel: { color: soft, fontSize: 11, interval: 0, hideOverlap: true, overflow: "truncate" },
  };
}

/** The moment above a tooltip's lines. */
export const heading = (at: number): string => `${utc(at)} UTC`;

/** A value as a tooltip says it. */
export const said = (field: FieldOptions, value: number): string =>
  field.mappings?.length ? text(field, value) : formatted(value, field.unit ?? "none", field.decimals ?? undefined);
