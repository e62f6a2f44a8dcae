/** A canvas on which ECharts draws, with what all charts share: theme, zoom by dragging, one cross-hair. */

import { use, init, type EChartsType } from "echarts/core";
import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";
import type { EChartsCoreOption } from "echarts/core";
import { h, styled } from "../dom";
import { onTheme, token } from "../theme";
import type { Surroundings } from "./drawing";

use([LineChart, BarChart, ScatterChart, CustomChart, GridComponent, TooltipComponent, MarkLineComponent, MarkAreaComponent, CanvasRenderer]);

const LEAST_PIXELS = 6;
const hairs = new Set<(at: number | null, source: unknown) => void>();

/** What is painted with, by the page's own style. */
export function inks(): { readonly ink: string; readonly soft: string; readonly faint: string; readonly grid: string; readonly paper: string; readonly accent: string; readonly font: string } {
  return {
    ink: token("ink"), soft: token("soft"), faint: token("faint"), grid: token("grid"),
    paper: token("surface"), accent: token("accent"), font: token("font"),
  };
}

/** How a tooltip looks; its content is an element, never markup. */
export function tooltip(): Readonly<Record<string, unknown>> {
  const { ink } = inks();
  return { confine: true, className: "tip", backgroundColor: token("raised"), borderColor: token("rule"), borderWidth: 1, padding: [8, 10], textStyle: { color: ink, fontSize: 12, fontFamily: token("font") }, transitionDuration: 0, animation: false };
}

/** A chart in an element of its own. */
export class Chart {
  readonly element = h("div", { class: "chart" });
  private readonly canvas = h("div", { class: "chart-canvas", "aria-hidden": "true" });
  private readonly hair = h("div", { class: "hair" });
  private readonly band = h("div", { class: "zoom-band" });
  private chart: EChartsType | null = null;
  private option: (() => EChartsCoreOption) | null = null;
  private from: number | null = null;
  private readonly release: () => void;
  private readonly follow = (at: number | null, source: unknown): void => { this.showHair(source === this ? null : at); };

  /** `surroundings` makes its horizontal axis one of time, which can be zoomed. */
  constructor(private readonly surroundings: Surroundings | null) {
    this.element.append(this.canvas, this.hair, this.band);
    this.release = onTheme(() => { this.draw(this.option); });
    if (surroundings) hairs.add(this.follow);
  }

  /** Draw what `option` makes now, and again whenever the theme changes. */
  draw(option: (() => EChartsCoreOption) | null): void {
    this.option = option;
    if (!option || !this.element.isConnected || this.element.clientWidth === 0) return;
    this.ready().setOption({ animation: false, useUTC: true, textStyle: { fontFamily: inks().font }, ...option() }, { notMerge: true });
  }

  /** Lay it out again where its size is another: the library draws everything anew. */
  resize(): void {
    if (!this.chart) this.draw(this.option);
    else if (this.chart.getWidth() !== this.canvas.clientWidth || this.chart.getHeight() !== this.canvas.clientHeight) this.chart.resize();
  }

  dispose(): void {
    this.release();
    hairs.delete(this.follow);
    this.chart?.dispose();
    this.chart = null;
  }

  private ready(): EChartsType {
    if (this.chart) return this.chart;
    this.chart = init(this.canvas, null, { renderer: "canvas" });
    if (this.surroundings) this.watch(this.chart);
    return this.chart;
  }

  private watch(chart: EChartsType): void {
    const canvas = chart.getZr();
    canvas.on("mousedown", (event) => { this.from = this.isWithin(event.offsetX, event.offsetY) ? event.offsetX : null; });
    canvas.on("mousemove", (event) => { this.moved(event.offsetX, event.offsetY); });
    canvas.on("mouseup", (event) => { this.dropped(event.offsetX); });
    canvas.on("globalout", () => { this.tell(null); });
    canvas.on("dblclick", () => { this.surroundings?.zoom(null); });
    window.addEventListener("mouseup", () => { this.dropped(null); }, { passive: true });
  }

  private isWithin(x: number, y: number): boolean {
    return this.chart?.containPixel({ gridIndex: 0 }, [x, y]) ?? false;
  }

  private timeAt(x: number): number | null {
    const found: unknown = this.chart?.convertFromPixel({ xAxisIndex: 0 }, x);
    return typeof found === "number" && Number.isFinite(found) ? found : null;
  }

  private moved(x: number, y: number): void {
    this.tell(this.isWithin(x, y) ? this.timeAt(x) : null);
    this.band.classList.toggle("is-shown", this.from !== null);
    if (this.from !== null) styled(this.band, { left: `${Math.min(this.from, x)}px`, width: `${Math.abs(x - this.from)}px` });
  }

  private dropped(x: number | null): void {
    const start = this.from;
    this.from = null;
    this.band.classList.remove("is-shown");
    if (start === null || x === null || Math.abs(x - start) < LEAST_PIXELS) return;
    const [from, to] = [this.timeAt(Math.min(start, x)), this.timeAt(Math.max(start, x))];
    if (from !== null && to !== null) this.surroundings?.zoom({ from: Math.round(from), to: Math.round(to) });
  }

  private tell(at: number | null): void {
    for (const each of hairs) each(at, this);
  }

  private showHair(at: number | null): void {
    const x: unknown = at === null ? null : this.chart?.convertToPixel({ xAxisIndex: 0 }, at);
    const isShown = typeof x === "number" && x >= 0 && x <= this.element.clientWidth && this.isWithin(x, this.element.clientHeight / 3);
    this.hair.classList.toggle("is-shown", isShown);
    if (isShown) styled(this.hair, { left: `${x}px` });
  }
}
