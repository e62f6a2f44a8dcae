/** How each kind of panel is drawn; the chart library is loaded when the first panel that needs it has asked. */

import { draw as bargauge } from "./bargauge";
import { draw as gauge } from "./gauge";
import { draw as pie } from "./pie";
import { draw as stat } from "./stat";
import { draw as table } from "./table";
import { draw as text } from "./text";
import type { CHARTS } from "./charts";
import type { Draw } from "./drawing";

const chart = (kind: keyof typeof CHARTS) => async (): Promise<Draw> => (await import("./charts")).CHARTS[kind];
const own = (draw: Draw) => (): Promise<Draw> => Promise.resolve(draw);

export const LOADERS: Readonly<Record<string, () => Promise<Draw>>> = {
  stat: own(stat),
  gauge: own(gauge),
  bargauge: own(bargauge),
  piechart: own(pie),
  table: own(table),
  text: own(text),
  timeseries: chart("timeseries"),
  barchart: chart("barchart"),
  heatmap: chart("heatmap"),
  "state-timeline": chart("state-timeline"),
  histogram: chart("histogram"),
};

/** The drawing of a kind of panel; raises for a kind that is not known. */
export async function drawingOf(kind: string): Promise<Draw> {
  const load = LOADERS[kind];
  if (!load) throw new Error(`no panel of the type ${kind}`);
  return load();
}
