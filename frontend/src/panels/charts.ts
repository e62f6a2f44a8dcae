/** The kinds of panel that have axes, with the chart library: one file that is had while the first answers are awaited. */

import { draw as barchart } from "./barchart";
import { draw as heatmap } from "./heatmap";
import { draw as histogram } from "./histogram";
import { draw as statetimeline } from "./statetimeline";
import { draw as timeseries } from "./timeseries";
import type { Draw } from "./drawing";

export const CHARTS = { timeseries, barchart, heatmap, "state-timeline": statetimeline, histogram } satisfies Readonly<Record<string, Draw>>;
