/** Rows of cells over time, which heat maps and state timelines are. */

import type { EChartsCoreOption } from "echarts/core";
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams, CustomSeriesRenderItemReturn } from "echarts";
import { graphic } from "echarts/core";
import type { Answer } from "../dashboard/answers";
import { utc } from "../time/range";
import { inks, tooltip } from "./chart";
import { nameAxis, timeAxis } from "./axes";
import { tip } from "./tips";

/** A piece of a row: what it says, and its colour. */
export interface CellOf {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly colour: string;
  readonly text: string;
  /** Words painted within it, where they fit. */
  readonly label?: string;
  readonly ink?: string;
}

const LETTER = 6.3;
/** Pixels from which on a gap between cells tells them apart; below, it only makes stripes. */
const WIDE = 9;
const TALLEST = 58;

/** How a chart draws cells; rows are given from above to below. */
export function cellsOption(rows: readonly string[], cells: readonly CellOf[], answer: Answer, gap: number): EChartsCoreOption {
  const names = nameAxis(rows);
  return {
    grid: { left: 6, right: 12, top: 6, bottom: 4, containLabel: true },
    xAxis: timeAxis(answer.range),
    yAxis: { ...names, inverse: true, axisLine: { show: false }, axisLabel: { ...(names["axisLabel"] as object), width: 130, overflow: "truncate" } },
    tooltip: { ...tooltip(), trigger: "item", formatter: (point: unknown) => {
      const cell = cells[(point as { dataIndex: number }).dataIndex];
      return cell ? tip(`${utc(cell.from, false)} – ${utc(cell.to, false)} UTC`, [{ name: rows[cell.row] ?? "", value: cell.text, colour: cell.colour }]) : "";
    } },
    series: [{ type: "custom", data: cells.map(({ row, from, to }) => [from, row, to]), encode: { x: [0, 2], y: 1 }, clip: true, progressive: 0,
      renderItem: (parameters: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => rectangle(parameters, api, cells, gap) }],
  };
}

function rectangle(parameters: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI, cells: readonly CellOf[], gap: number): CustomSeriesRenderItemReturn {
  const cell = cells[parameters.dataIndex];
  if (!cell) return null;
  const start = api.coord([cell.from, cell.row]);
  const end = api.coord([cell.to, cell.row]);
  const size = api.size?.([0, 1]) as readonly number[] | undefined;
  const height = Math.min((size?.[1] ?? 10) * 0.86, TALLEST);
  const grid = parameters.coordSys as unknown as { x: number; y: number; width: number; height: number };
  const isWide = (end[0] ?? 0) - (start[0] ?? 0) > WIDE;
  const shape = graphic.clipRectByRect(
    { x: start[0] ?? 0, y: (start[1] ?? 0) - height / 2, width: Math.max(1, (end[0] ?? 0) - (start[0] ?? 0) - (isWide ? gap : -0.5)), height },
    grid);
  if (!shape) return null;
  const fits = cell.label !== undefined && shape.width > cell.label.length * LETTER + 10 && height > 13;
  return {
    type: "rect", shape: { ...shape, r: gap ? 0 : 2 }, style: { fill: cell.colour },
    ...(fits ? { textContent: { type: "text", style: { text: cell.label ?? "", fill: cell.ink ?? inks().ink, font: `500 11px ${inks().font}` } }, textConfig: { position: "insideLeft", distance: 6 } } : {}),
  } as CustomSeriesRenderItemReturn;
}
