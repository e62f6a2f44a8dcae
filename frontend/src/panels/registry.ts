/** How each kind of panel is drawn; what needs a chart is loaded when the first such panel is seen. */

import type { Draw } from "./drawing";

export const LOADERS: Readonly<Record<string, () => Promise<{ readonly draw: Draw }>>> = {
  stat: () => import("./stat"),
  gauge: () => import("./gauge"),
  bargauge: () => import("./bargauge"),
  piechart: () => import("./pie"),
  table: () => import("./table"),
  text: () => import("./text"),
  timeseries: () => import("./timeseries"),
  barchart: () => import("./barchart"),
  heatmap: () => import("./heatmap"),
  "state-timeline": () => import("./statetimeline"),
  histogram: () => import("./histogram"),
};

/** The drawing of a kind of panel; raises for a kind that is not known. */
export async function drawingOf(kind: string): Promise<Draw> {
  const load = LOADERS[kind];
  if (!load) throw new Error(`no panel of the type ${kind}`);
  return (await load()).draw;
}
