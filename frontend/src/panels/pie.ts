/** Parts of a whole, as a ring or a disc, with a legend that says how much each is. */

import { h, fill, svg, styled } from "../dom";
import { fixed } from "../format/decimals";
import type { Panel } from "../dashboard/model";
import { plain, type Draw } from "./drawing";
import { coloursOf, paintOf, valuesOf, type Value } from "./values";

/** Names that a legend shows without being scrolled, at least. */
const UNSCROLLED = 5;

export const draw: Draw = (panel) => {
  const element = h("div", { class: "pie" });
  return plain(element, (answer) => {
    const values = valuesOf(panel, answer).filter(({ value }) => value > 0);
    const total = values.reduce((sum, { value }) => sum + value, 0);
    const known = valuesOf(panel, answer);
    element.classList.toggle("is-below", panel.options?.legend?.placement === "bottom");
    fill(element, total > 0 ? disc(panel, values, total, coloursOf(known)) : null, legend(panel, known, total, coloursOf(known)));
    return known.length === 0 ? "no-data" : total > 0 ? null : "All of it is 0 so far.";
  });
};

function disc(panel: Panel, values: readonly Value[], total: number, colour: (name: string) => string): SVGSVGElement {
  const inner = panel.options?.["pieType"] === "pie" ? 0 : 30;
  let from = 0;
  const slices = values.map((each) => {
    const to = from + each.value / total;
    const slice = styled(svg("path", { class: "slice", d: sector(from, to, inner) }, svg("title", {}, `${each.name}: ${each.display.text}`)), { fill: paintOf(each, colour) });
    from = to;
    return slice;
  });
  return svg("svg", { class: "pie-disc", viewBox: "0 0 100 100", role: "img", "aria-label": values.map((each) => `${each.name} ${share(each, total)}`).join(", ") }, ...slices);
}

function sector(from: number, to: number, inner: number): string {
  const until = to - from > 0.9999 ? from + 0.9999 : to;
  const at = (turn: number, radius: number): string =>
    `${(50 + radius * Math.sin(turn * 2 * Math.PI)).toFixed(3)} ${(50 - radius * Math.cos(turn * 2 * Math.PI)).toFixed(3)}`;
  const large = until - from > 0.5 ? 1 : 0;
  if (inner === 0) return `M50 50L${at(from, 48)}A48 48 0 ${large} 1 ${at(until, 48)}Z`;
  return `M${at(from, 48)}A48 48 0 ${large} 1 ${at(until, 48)}L${at(until, inner)}A${inner} ${inner} 0 ${large} 0 ${at(from, inner)}Z`;
}

const share = ({ value }: Value, total: number): string => `${fixed((100 * Math.max(0, value)) / total, 0)}%`;

function legend(panel: Panel, values: readonly Value[], total: number, colour: (name: string) => string): HTMLElement | null {
  const options = panel.options?.legend;
  if (options?.showLegend === false) return null;
  const shows = new Set(options?.values ?? []);
  return h("ul", { class: "pie-legend", tabindex: values.length > UNSCROLLED ? 0 : null }, ...values.map((each) => h("li", {},
    styled(h("i", { class: "swatch" }), { background: paintOf(each, colour) }),
    h("span", { class: "pie-name", title: each.name }, each.name),
    shows.has("value") && h("span", { class: "pie-value" }, each.display.text),
    shows.has("percent") && total > 0 && h("span", { class: "pie-share" }, share(each, total)))));
}
