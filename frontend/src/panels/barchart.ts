/** A bar for each series, one beside the other or, where names are long, one below the other. */

import type { EChartsCoreOption } from "echarts/core";
import { h, styled } from "../dom";
import type { Answer } from "../dashboard/answers";
import type { Panel } from "../dashboard/model";
import { Chart, inks, tooltip } from "./chart";
import { nameAxis, said, valueAxis } from "./axes";
import { tip } from "./tips";
import { Told } from "./told";
import { coloursOf, paintOf, valuesOf, type Value } from "./values";
import type { Draw } from "./drawing";

const SIGN_WIDTH = 6.4;
/** Pixels that a bar with its name needs at least. */
const LINE = 14;
const AXIS = 30;
const TWO_LINES = 28;

export const draw: Draw = (panel) => {
  const chart = new Chart(null);
  const told = new Told(panel.title ?? "");
  const element = h("div", { class: "scroller", tabindex: 0 }, chart.element, told.element);
  let last: Answer | null = null;
  const redraw = (): void => {
    const answer = last;
    if (!answer) return;
    const values = valuesOf(panel, answer);
    const lying = liesDown(panel, values, element.clientWidth, element.clientHeight);
    styled(chart.element, { "min-height": lying ? `${values.length * LINE + AXIS}px` : "0" });
    chart.draw(() => optionOf(panel, values, lying, chart.element.clientWidth, chart.element.clientHeight));
  };
  return {
    element,
    draw(answer) {
      last = answer;
      const values = valuesOf(panel, answer);
      told.draw(values.map(({ name, display }) => [name, display.text]));
      redraw();
      return values.length ? null : "no-data";
    },
    resize: () => { redraw(); chart.resize(); },
    dispose: () => { chart.dispose(); },
  };
};

function liesDown(panel: Panel, values: readonly Value[], width: number, height: number): boolean {
  const wanted = panel.options?.orientation ?? "auto";
  if (wanted === "horizontal") return true;
  const longest = Math.max(...values.map(({ name }) => name.length), 1) * SIGN_WIDTH + 12;
  return wanted === "auto" && longest * values.length > width - 60 && (values.length * LINE + AXIS < height || longest > 80);
}

function optionOf(panel: Panel, values: readonly Value[], lying: boolean, width: number, height: number): EChartsCoreOption {
  const drawn = lying ? [...values].reverse() : values;
  const colour = coloursOf(values);
  const names = nameAxis(drawn.map(({ name }) => name || "value"));
  const numbers = { ...valueAxis(panel.fieldConfig?.defaults ?? {}, false), boundaryGap: [values.some(({ value }) => value < 0) ? "7%" : 0, values.some(({ value }) => value > 0) ? "7%" : 0] };
  const { ink } = inks();
  const hasRoom = panel.options?.["showValue"] !== "never" && (lying ? height / drawn.length > 10 : width / drawn.length > 34);
  return {
    grid: { left: 6, right: lying ? 58 : 10, top: 20, bottom: 2, containLabel: true },
    xAxis: lying ? { ...numbers, splitNumber: Math.max(2, Math.floor(width / 130)) } : names, yAxis: lying ? { ...names, axisLabel: { ...(names["axisLabel"] as object), width: Math.round(width * 0.4), ...(height / drawn.length > TWO_LINES ? { formatter: (name: string) => lines(name, width * 0.4) } : {}) } } : numbers,
    tooltip: { ...tooltip(), trigger: "item", formatter: (point: unknown) => {
      const value = drawn[(point as { dataIndex: number }).dataIndex];
      return value ? tip(panel.title ?? "", [{ name: value.name || "value", value: said(value.field, value.value), colour: paintOf(value, colour) }]) : "";
    } },
    series: [{
      type: "bar", barMaxWidth: 46, barCategoryGap: "28%",
      data: drawn.map((each) => ({
        value: each.value, itemStyle: { color: paintOf(each, colour), borderRadius: rounded(lying, each.value) },
        label: { show: hasRoom, position: lying ? "right" : each.value < 0 ? "bottom" : "top", formatter: () => each.display.text },
      })),
      label: { color: ink, fontSize: 11, distance: 4 }, emphasis: { disabled: true },
    }],
  };
}

/** A name on several lines where it is too long for one: it breaks behind its underscores. */
const lines = (name: string, width: number): string => (name.length * SIGN_WIDTH > width ? name.replace(/_(?=.)/g, "_\n") : name);

function rounded(lying: boolean, value: number): readonly number[] {
  if (lying) return value < 0 ? [3, 0, 0, 3] : [0, 3, 3, 0];
  return value < 0 ? [0, 0, 3, 3] : [3, 3, 0, 0];
}
