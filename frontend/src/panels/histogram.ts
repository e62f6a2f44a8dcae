/** How often the values of all series fell into each of some equal parts. */

import type { EChartsCoreOption } from "echarts/core";
import { h } from "../dom";
import { faded } from "../format/colour";
import type { Answer } from "../dashboard/answers";
import type { Panel } from "../dashboard/model";
import { Chart, inks, tooltip } from "./chart";
import { nameAxis, ticked, valueAxis } from "./axes";
import { tip } from "./tips";
import type { Draw } from "./drawing";
import { Told } from "./told";

const DEFAULT_COUNT = 30;

export interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export const draw: Draw = (panel) => {
  const chart = new Chart(null);
  const told = new Told(panel.title ?? "");
  return {
    element: h("div", { class: "lines" }, chart.element, told.element),
    draw(answer) {
      const values = answer.series.flatMap(({ points }) => points.map(([, value]) => value));
      const buckets = bucketsOf(values, Number(panel.options?.["bucketSize"] ?? 0), Number(panel.options?.["bucketCount"] ?? DEFAULT_COUNT));
      told.draw(buckets.map(({ from, to, count }) => [`${ticked(from, panel.fieldConfig?.defaults ?? {})} to ${ticked(to, panel.fieldConfig?.defaults ?? {})}`, String(count)]));
      chart.draw(() => optionOf(panel, buckets, answer));
      return buckets.length ? null : "no-data";
    },
    resize: () => { chart.resize(); },
    dispose: () => { chart.dispose(); },
  };
};

/** Equal parts from the least value to the largest; of a given size, or of a round one that makes about so many. */
export function bucketsOf(values: readonly number[], size: number, count: number): readonly Bucket[] {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return [];
  const [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  const width = size > 0 ? size : round((high - low || 1) / count);
  const start = Math.floor(low / width);
  const counts = new Array<number>(Math.floor(high / width) - start + 1).fill(0);
  for (const each of known) {
    const at = Math.floor(each / width) - start;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts.map((found, at) => ({ from: (start + at) * width, to: (start + at + 1) * width, count: found }));
}

function round(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  return ([1, 2, 2.5, 5, 10].find((each) => each * power >= size) ?? 10) * power;
}

function optionOf(panel: Panel, buckets: readonly Bucket[], _: Answer): EChartsCoreOption {
  const field = panel.fieldConfig?.defaults ?? {};
  const { accent } = inks();
  return {
    grid: { left: 6, right: 10, top: 12, bottom: 2, containLabel: true },
    xAxis: { ...nameAxis(buckets.map(({ from }) => ticked(from, field))), axisLabel: { hideOverlap: true, color: inks().soft, fontSize: 11 } },
    yAxis: valueAxis({ unit: "short" }, false),
    tooltip: { ...tooltip(), trigger: "item", formatter: (point: unknown) => {
      const bucket = buckets[(point as { dataIndex: number }).dataIndex];
      return bucket ? tip(`${ticked(bucket.from, field)} to ${ticked(bucket.to, field)}`, [{ name: "values", value: String(bucket.count), colour: accent }]) : "";
    } },
    series: [{ type: "bar", barCategoryGap: "4%", data: buckets.map(({ count }) => count), itemStyle: { color: faded(accent, 0.85) } }],
  };
}
