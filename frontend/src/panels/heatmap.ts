/** A row of coloured cells over time for each series, and the scale of its colours. */

import { between } from "../format/colour";
import { h, fill, styled } from "../dom";
import { formatted } from "../format/units";
import { hasNumbers, type Answer } from "../dashboard/answers";
import type { Panel } from "../dashboard/model";
import { calculated } from "../dashboard/calculate";
import { cellsOption, type CellOf } from "./cells";
import { Chart } from "./chart";
import type { Draw } from "./drawing";
import { Told } from "./told";

/** Schemes by Grafana's names, which are ColorBrewer's: https://colorbrewer2.org. */
const SCHEMES: Readonly<Record<string, readonly string[]>> = {
  RdYlGn: ["#C2423F", "#E8895A", "#F4C77B", "#F1E9B2", "#B9D48A", "#74B06B", "#2F8554"],
  Oranges: ["#FBEBDC", "#F6C79B", "#EE9A57", "#D96F21", "#A04A0C"],
  Blues: ["#E3EDF6", "#B4D0E7", "#75AAD2", "#3C7FB8", "#164E87"],
  Greens: ["#E4F1E1", "#B6DAB0", "#78BA77", "#3C8F4B", "#14602C"],
  Spectral: ["#B5374F", "#E9794E", "#F7C57A", "#F3EDB0", "#B4D9A0", "#63AFA2", "#4B69A9"],
};
const MOST_COLUMNS = 160;

export const draw: Draw = (panel, surroundings) => {
  const chart = new Chart(surroundings);
  const scale = h("div", { class: "scale" });
  const told = new Told(panel.title ?? "");
  const element = h("div", { class: "lines has-legend-bottom" }, chart.element, scale, told.element);
  return {
    element,
    draw(answer) {
      const rows = answer.series.filter(hasNumbers);
      const ends = endsOf(panel, rows.flatMap(({ points }) => points.map(([, value]) => value)));
      const cells = rows.flatMap((_, row) => cellsIn({ ...answer, series: rows }, row, panel, ends));
      chart.draw(() => cellsOption(rows.map(({ name }) => name || "value"), cells, answer, Number(panel.options?.["cellGap"] ?? 1)));
      told.draw(rows.map(({ name, points }) => [name, worded(panel, calculated("lastNotNull", points) ?? NaN)]));
      fill(scale, ...(rows.length && panel.options?.legend?.show !== false ? scaleOf(panel, ends) : []));
      return rows.length ? null : "no-data";
    },
    resize: () => { chart.resize(); },
    dispose: () => { chart.dispose(); },
  };
};

interface Colours { readonly mode?: string; readonly scheme?: string; readonly reverse?: boolean; readonly min?: number | null; readonly max?: number | null; readonly fill?: string }

function stopsOf(panel: Panel): readonly string[] {
  const colours = (panel.options?.["color"] ?? {}) as Colours;
  const stops = SCHEMES[colours.scheme ?? ""] ?? SCHEMES["RdYlGn"] ?? [];
  return colours.reverse ? [...stops].reverse() : stops;
}

function endsOf(panel: Panel, values: readonly number[]): readonly [number, number] {
  const colours = (panel.options?.["color"] ?? {}) as Colours;
  const known = values.filter(Number.isFinite);
  const low = colours.min ?? known.reduce((least, each) => Math.min(least, each), Infinity);
  const high = colours.max ?? known.reduce((most, each) => Math.max(most, each), -Infinity);
  return Number.isFinite(low) && high > low ? [low, high] : [Number.isFinite(low) ? low : 0, (Number.isFinite(low) ? low : 0) + 1];
}

function worded(panel: Panel, value: number): string {
  const words = (panel.options?.["cellValues"] ?? {}) as { unit?: string; decimals?: number };
  const field = panel.fieldConfig?.defaults ?? {};
  return formatted(value, words.unit ?? field.unit ?? "none", words.decimals ?? field.decimals ?? undefined);
}

/** Cells no narrower than can be told apart: of several points in one, the newest counts. */
function cellsIn({ series, step, range }: Answer, row: number, panel: Panel, [low, high]: readonly [number, number]): readonly CellOf[] {
  const width = Math.max(step, Math.ceil((range.to - range.from) / MOST_COLUMNS / step) * step);
  const newest = new Map<number, number>();
  for (const [at, value] of series[row]?.points ?? []) if (Number.isFinite(value)) newest.set(Math.floor(at / width) * width, value);
  return [...newest].map(([at, value]) => ({
    row, from: at, to: Math.min(at + width, range.to), text: worded(panel, value),
    colour: between(stopsOf(panel), (value - low) / (high - low)),
  }));
}

function scaleOf(panel: Panel, [low, high]: readonly [number, number]): readonly HTMLElement[] {
  return [h("span", {}, worded(panel, low)), styled(h("div", { class: "scale-band" }), { background: `linear-gradient(to right, ${stopsOf(panel).join(", ")})` }), h("span", {}, worded(panel, high))];
}
