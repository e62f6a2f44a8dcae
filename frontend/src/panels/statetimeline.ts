/** The states that each series went through, one strip below the other. */

import { colourNamed, inkOn } from "../format/colour";
import { h, fill, styled } from "../dom";
import { calculated } from "../dashboard/calculate";
import { display } from "../dashboard/fields";
import { hasNumbers, type Answer, type Named } from "../dashboard/answers";
import type { Panel } from "../dashboard/model";
import { paletteFor } from "../format/colour";
import { cellsOption, type CellOf } from "./cells";
import { Chart } from "./chart";
import type { Draw } from "./drawing";
import { Told } from "./told";

export const draw: Draw = (panel, surroundings) => {
  const chart = new Chart(surroundings);
  const legend = h("div", { class: "legend is-bottom is-states", hidden: panel.options?.legend?.showLegend === false });
  const told = new Told(panel.title ?? "");
  const element = h("div", { class: "lines has-legend-bottom" }, chart.element, legend, told.element);
  return {
    element,
    draw(answer) {
      const rows = answer.series.filter(hasNumbers);
      const colour = coloursOf(rows);
      const cells = rows.flatMap((each, row) => statesOf(each, row, answer, colour));
      told.draw(rows.map(({ name, field, points }) => [name, display(field, calculated("lastNotNull", points)).text]));
      chart.draw(() => cellsOption(rows.map(({ name }) => name || panel.title || "value"), cells, answer, 0));
      fill(legend, h("div", { class: "legend-list" }, ...keysOf(panel, cells).map(([name, paint]) => h("span", { class: "legend-item" }, styled(h("i", { class: "swatch" }), { background: paint }), name))));
      return rows.length ? null : "no-data";
    },
    resize: () => { chart.resize(); },
    dispose: () => { chart.dispose(); },
  };
};

type Colour = (series: Named, value: number) => string;

function coloursOf(rows: readonly Named[]): Colour {
  const palette = paletteFor(rows.flatMap(({ points, field }) => [...new Set(points.map(([, value]) => display(field, value).text))]));
  return ({ field }, value) => {
    const shown = display(field, value);
    return shown.colour ? colourNamed(shown.colour, "#7D8899") : (palette.get(shown.text) ?? "#7D8899");
  };
}

/** Neighbouring points of one state as one cell, which lasts until the next point, or a step where that is missing. */
export function statesOf(series: Named, row: number, { step, range }: Answer, colour: Colour): readonly CellOf[] {
  const cells: CellOf[] = [];
  let value: number | null = null;
  for (const [at, next] of series.points) {
    const last = cells.at(-1);
    const joins = last !== undefined && at - last.to <= step * 0.5;
    if (last && joins && value === next) cells[cells.length - 1] = { ...last, to: Math.min(range.to, at + step) };
    else cells.push(cell(series, row, at, Math.min(range.to, at + step), next, colour));
    value = next;
  }
  return cells;
}

function cell(series: Named, row: number, from: number, to: number, value: number, colour: Colour): CellOf {
  const paint = colour(series, value);
  const { text } = display(series.field, value);
  return { row, from, to: Math.max(to, from + 1), colour: paint, text, label: text, ink: inkOn(paint) };
}

/** The states that are seen, in the order of the mappings. */
function keysOf(panel: Panel, cells: readonly CellOf[]): readonly (readonly [string, string])[] {
  const seen = new Map(cells.map(({ text, colour }) => [text, colour]));
  const known = (panel.fieldConfig?.defaults?.mappings ?? []).flatMap(({ options }) => Object.values((options ?? {}) as Readonly<Record<string, { text?: string }>>).map(({ text }) => text ?? ""));
  const rank = (text: string): number => (known.includes(text) ? known.indexOf(text) : known.length);
  return [...seen].sort(([one], [other]) => rank(one) - rank(other)).slice(0, 12);
}
