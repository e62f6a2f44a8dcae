/** Lines over time: gaps stay gaps, a point without neighbours is a dot. */

import type { EChartsCoreOption } from "echarts/core";
import { colourNamed, faded } from "../format/colour";
import { h } from "../dom";
import { calculated } from "../dashboard/calculate";
import { display, steps } from "../dashboard/fields";
import { hasNumbers, withGaps, type Answer, type Named } from "../dashboard/answers";
import type { Panel } from "../dashboard/model";
import { Chart, inks, tooltip } from "./chart";
import { heading, said, timeAxis, valueAxis } from "./axes";
import { Legend } from "./legend";
import { tip, type Line } from "./tips";
import { Told } from "./told";
import { coloursOf } from "./values";
import type { Draw, Surroundings } from "./drawing";

/** Marks on one chart up to which each is drawn clearly. */
const CLEAR_MARKS = 12;

export const draw: Draw = (panel, surroundings) => {
  const chart = new Chart(surroundings);
  let last: Answer | null = null;
  const redraw = (): void => {
    const answer = last;
    if (answer) chart.draw(() => optionOf(panel, answer, legend, surroundings));
  };
  const legend = new Legend(panel, redraw);
  const told = new Told(panel.title ?? "");
  const element = h("div", { class: `lines has-legend-${legend.placement}` }, chart.element, legend.element, told.element);
  return {
    element,
    draw(answer) {
      last = answer;
      const series = answer.series.filter(hasNumbers);
      legend.draw(series, coloursOf(series));
      told.draw(series.map(({ name, field, points }) => [name, display(field, calculated("lastNotNull", points)).text]));
      redraw();
      return series.length ? null : "no-data";
    },
    resize: () => { chart.resize(); },
    dispose: () => { chart.dispose(); },
  };
};

type Gapped = readonly (readonly [number, number | null])[];

function optionOf(panel: Panel, answer: Answer, legend: Legend, surroundings: Surroundings): EChartsCoreOption {
  const all = answer.series.filter(hasNumbers);
  const colour = coloursOf(all);
  const seen = all.filter(({ name }) => legend.isShown(name));
  const gapped = seen.map(({ points }) => withGaps(points, answer.step));
  const field = panel.fieldConfig?.defaults ?? {};
  return {
    grid: { left: 4, right: 14, top: 12, bottom: 4, containLabel: true },
    xAxis: timeAxis(answer.range), yAxis: valueAxis(seen[0]?.field ?? field, !isStacked(panel), spreadOf(seen)),
    tooltip: { ...tooltip(), trigger: "axis", axisPointer: { type: "line", lineStyle: { color: inks().faint, type: "solid" } }, formatter: (points: unknown) => tipOf(points, seen, colour, answer, panel, surroundings) },
    series: [...seen.map((each, at) => line(panel, each, gapped[at] ?? [], colour(each.name))), ...dots(seen, gapped, colour), limits(panel), marksOf(surroundings)],
  };
}

/** From the least value to the largest. */
function spreadOf(seen: readonly Named[]): number {
  let [low, high] = [Infinity, -Infinity];
  for (const { points } of seen) for (const [, value] of points) {
    if (value < low) low = value;
    if (value > high && value !== Infinity) high = value;
  }
  return Number.isFinite(high - low) ? high - low : 0;
}

const isStacked = (panel: Panel): boolean => (panel.fieldConfig?.defaults?.custom?.["stacking"] as { mode?: string } | undefined)?.mode === "normal";

function line(panel: Panel, { name, field }: Named, data: Gapped, colour: string): object {
  const custom = { ...panel.fieldConfig?.defaults?.custom, ...field.custom };
  const opacity = Number(custom["fillOpacity"] ?? 0) / 100;
  const width = Math.max(1, Number(custom["lineWidth"] ?? 1)) + 0.5;
  return {
    type: custom["drawStyle"] === "bars" ? "bar" : "line", name, data, showSymbol: custom["drawStyle"] === "points", symbolSize: 4, connectNulls: custom["spanNulls"] === true,
    ...(custom["lineInterpolation"] === "stepAfter" ? { step: "end" } : {}),
    lineStyle: { color: colour, width, join: "round" }, itemStyle: { color: colour }, emphasis: { disabled: true },
    ...(opacity > 0 ? { areaStyle: { color: faded(colour, Math.min(0.9, opacity * 0.8)), origin: "auto" } } : {}),
    ...(isStacked(panel) ? { stack: "all" } : {}), z: 3,
  };
}

/** Points that no line reaches. */
function dots(seen: readonly Named[], gapped: readonly Gapped[], colour: (name: string) => string): readonly object[] {
  return gapped.flatMap((points, at) => {
    const alone = points.filter(([, value], index) => value !== null && (points[index - 1]?.[1] ?? null) === null && (points[index + 1]?.[1] ?? null) === null);
    const name = seen[at]?.name ?? "";
    return alone.length ? [{ type: "scatter", name, data: alone, symbolSize: 6, itemStyle: { color: colour(name) }, tooltip: { show: false }, z: 4 }] : [];
  });
}

function limits(panel: Panel): object {
  const field = panel.fieldConfig?.defaults ?? {};
  const mode = (field.custom?.["thresholdsStyle"] as { mode?: string } | undefined)?.mode ?? "off";
  const shown = mode === "off" ? [] : steps(field).filter(({ from }) => Number.isFinite(from));
  return { type: "line", data: [], silent: true, markLine: {
    silent: true, symbol: "none", animation: false, label: { show: false },
    data: shown.map(({ from, color }) => ({ yAxis: from, lineStyle: { color: colourNamed(color, inks().soft), type: mode.includes("line") ? "solid" : [6, 5], width: 1.25, opacity: 0.85 } })),
  } };
}

/** Marks as lines from below to above; where there are many they grow faint, for the values are what is looked at. */
function marksOf(surroundings: Surroundings): object {
  const { faint } = inks();
  const marks = surroundings.marks();
  const opacity = Math.min(0.75, Math.max(0.06, CLEAR_MARKS / Math.max(1, marks.length)));
  return { type: "line", data: [], markLine: {
    silent: true, symbol: ["none", "triangle"], symbolSize: 7, animation: false, label: { show: false },
    data: marks.map(({ from, colour }) => ({ xAxis: from, lineStyle: { color: colourNamed(colour, faint), type: [3, 3], width: 1, opacity } })),
  } };
}

interface Pointed {
  readonly axisValue: number;
  readonly seriesType: string;
  readonly seriesName: string;
  readonly value: readonly [number, number | null];
}

function tipOf(points: unknown, seen: readonly Named[], colour: (name: string) => string, answer: Answer, panel: Panel, surroundings: Surroundings): HTMLElement {
  const pointed = (points as readonly Pointed[]).filter(({ seriesType, value }) => seriesType !== "scatter" && value[1] !== null);
  const fields = new Map(seen.map(({ name, field }) => [name, field]));
  const at = pointed[0]?.value[0] ?? (points as readonly Pointed[])[0]?.axisValue ?? 0;
  const ordered = [...pointed].filter(({ value }) => Math.abs(value[0] - at) <= answer.step);
  const sort = panel.options?.tooltip?.sort;
  if (sort === "desc") ordered.sort((one, other) => (other.value[1] ?? 0) - (one.value[1] ?? 0));
  if (sort === "asc") ordered.sort((one, other) => (one.value[1] ?? 0) - (other.value[1] ?? 0));
  const lines = ordered.map(({ seriesName, value }): Line => ({ name: seriesName, value: said(fields.get(seriesName) ?? {}, value[1] ?? NaN), colour: colour(seriesName) }));
  const near = surroundings.marks().filter(({ from, until }) => at >= from - answer.step * 2 && at <= until + answer.step * 2);
  return tip(heading(at), lines, near.slice(0, 4));
}
