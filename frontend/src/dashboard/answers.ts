/** What the queries of a panel find: named series, in the order of its queries. */

import type { Labels, Point, Prometheus, Series } from "../api/prometheus";
import type { Range } from "../time/range";
import { interval, macros, milliseconds } from "../time/interval";
import { query, type Choices } from "../variables/interpolate";
import { selector } from "../variables/values";
import type { FieldOptions, Panel, Query } from "./model";
import { fieldOf } from "./fields";

/** A series with its name and the options that apply to it. */
export interface Named {
  readonly name: string;
  readonly labels: Labels;
  readonly points: readonly Point[];
  readonly field: FieldOptions;
  readonly refId: string;
}

export interface Answer {
  readonly series: readonly Named[];
  /** Milliseconds between two points; a longer gap is one. */
  readonly step: number;
  readonly range: Range;
}

export interface Asking {
  readonly prometheus: Prometheus;
  readonly range: Range;
  readonly choices: Choices;
  /** How many points fit. */
  readonly points: number;
  /** Milliseconds between two scrapes. */
  readonly scrape: number;
  readonly signal: AbortSignal;
}

/** The name of a series: its legend with labels filled in, else its labels. */
export function nameOf(target: Query, labels: Labels): string {
  const format = target.legendFormat ?? "";
  if (format !== "" && format !== "__auto") {
    return format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label: string) => labels[label] ?? "");
  }
  const entries = Object.entries(labels).filter(([label]) => label !== "__name__");
  if (format === "__auto" && entries.length === 0) return labels["__name__"] ?? target.expr ?? "";
  return entries.length || labels["__name__"] ? selector(labels) : (target.expr ?? "");
}

/** Ask every query of a panel at once; raises what the first that fails raises. */
export async function answered(panel: Panel, asking: Asking): Promise<Answer> {
  const least = milliseconds(panel.interval ?? "") ?? asking.scrape;
  const step = interval(asking.range.to - asking.range.from, asking.points, least);
  const targets = (panel.targets ?? []).filter((each) => !each.hide && (each.expr ?? "").trim() !== "");
  const found = await Promise.all(targets.map(async (target) => prepared(target, await seriesOf(target, step, asking))));
  const series = found.flatMap((each, at) => each.map((one) => named(panel, targets[at] ?? {}, one)));
  return { series, step, range: asking.range };
}

function seriesOf(target: Query, step: number, asking: Asking): Promise<readonly Series[]> {
  const { prometheus, range, choices, scrape, signal } = asking;
  const own = Math.max(step, milliseconds(target.interval ?? "") ?? 0);
  const expression = query(target.expr ?? "", choices, macros(range.to - range.from, own, scrape));
  return target.instant ? prometheus.instant(expression, range.to, signal) : prometheus.over(expression, range, own, signal);
}

function named(panel: Panel, target: Query, { labels, points }: Series): Named {
  const name = nameOf(target, labels);
  const field = fieldOf(panel, name, target.refId);
  return { name: field.displayName ?? name, labels, points, field, refId: target.refId ?? "A" };
}

/** Cumulative buckets are drawn as what fell into each alone. */
function prepared(target: Query, series: readonly Series[]): readonly Series[] {
  return target.format === "heatmap" ? apart(series) : series;
}

const bound = ({ labels }: Series): number => {
  const text = labels["le"] ?? "";
  return text === "+Inf" ? Infinity : Number(text);
};

/** Buckets in the order of their upper bounds, each less the one before it. */
export function apart(series: readonly Series[]): readonly Series[] {
  if (series.some((each) => Number.isNaN(bound(each)) || each.labels["le"] === undefined)) return series;
  const ordered = [...series].sort((a, b) => bound(a) - bound(b));
  return ordered.map((each, at) => {
    const below = new Map(ordered[at - 1]?.points ?? []);
    return { ...each, points: each.points.map(([when, value]): Point => [when, value - (below.get(when) ?? 0)]) };
  });
}

/** Whether a series has a number at all: of nothing but NaN there is nothing to draw. */
export function hasNumbers({ points }: Series): boolean {
  return points.some(([, value]) => !Number.isNaN(value));
}

/** The points with a null wherever one is missing, so that a line does not cross a gap. */
export function withGaps(points: readonly Point[], step: number): readonly (readonly [number, number | null])[] {
  const found: (readonly [number, number | null])[] = [];
  let before: number | null = null;
  for (const point of points) {
    if (before !== null && point[0] - before > step * 1.5) found.push([before + step, null]);
    found.push(Number.isFinite(point[1]) ? point : [point[0], null]);
    before = point[0];
  }
  return found;
}
