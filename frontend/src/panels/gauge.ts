/** A value on an arc, with the bands of its thresholds outside of it. */

import { colourNamed, legible } from "../format/colour";
import { h, fill, svg, styled } from "../dom";
import { steps } from "../dashboard/fields";
import { formatted } from "../format/units";
import { figure } from "./figures";
import { plain, type Draw } from "./drawing";
import { scaleOf, valuesOf, type Value } from "./values";

const SWEEP = 240;
const RADIUS = 44;

export const draw: Draw = (panel) => {
  const element = h("div", { class: "gauges" });
  return plain(element, (answer) => {
    const values = valuesOf(panel, answer);
    fill(element, ...values.map((value) => dial(value, values.length > 1)));
    return values.length ? null : "no-data";
  });
};

function dial(value: Value, isNamed: boolean): HTMLElement {
  const [low, high] = scaleOf([value], { min: 0, max: 100, ...withoutNulls(value.field) });
  const share = Math.min(1, Math.max(0, (value.value - low) / (high - low)));
  const colour = colourNamed(value.display.colour ?? "text", "var(--accent)");
  const drawn = svg("svg", { class: "gauge-arc", viewBox: "0 0 120 98", role: "img", "aria-label": `${value.name}: ${value.display.text}` },
    svg("path", { class: "gauge-track", d: arc(0, 1, RADIUS) }),
    share > 0.002 && styled(svg("path", { class: "gauge-fill", d: arc(0, share, RADIUS) }), { stroke: colour }),
    ...bands(value, low, high),
    svg("text", { class: "gauge-end", x: 24, y: 96 }, end(value, low)),
    svg("text", { class: "gauge-end", x: 96, y: 96 }, end(value, high)));
  const words = h("div", { class: "gauge-value" }, figure(value.display));
  styled(words, { color: value.display.colour ? legible(colour) : "var(--ink)" });
  return h("div", { class: "gauge" }, h("div", { class: "gauge-face" }, drawn, words), isNamed && h("div", { class: "gauge-name" }, value.name));
}

function withoutNulls<Kind extends object>(field: Kind): Kind {
  return Object.fromEntries(Object.entries(field).filter(([, value]) => value !== null && value !== undefined)) as Kind;
}

const end = ({ field }: Value, at: number): string => formatted(at, field.unit ?? "none", Number.isInteger(at) ? 0 : undefined);

function bands({ field }: Value, low: number, high: number): readonly SVGElement[] {
  const all = steps(field);
  if (all.length < 2) return [];
  return all.flatMap(({ from, color }, index) => {
    const [start, until] = [Math.max(low, from), Math.min(high, all[index + 1]?.from ?? Infinity)];
    if (until <= start) return [];
    const [a, b] = [(start - low) / (high - low), (until - low) / (high - low)];
    return [styled(svg("path", { class: "gauge-band", d: arc(a, b, RADIUS + 8) }), { stroke: colourNamed(color, "var(--faint)") })];
  });
}

/** The path between two shares of the sweep. */
function arc(from: number, to: number, radius: number): string {
  const at = (share: number): string => {
    const angle = ((180 + (SWEEP - 180) / 2 - share * SWEEP) * Math.PI) / 180;
    return `${(60 + radius * Math.cos(angle)).toFixed(3)} ${(58 - radius * Math.sin(angle)).toFixed(3)}`;
  };
  return `M${at(from)}A${radius} ${radius} 0 ${(to - from) * SWEEP > 180 ? 1 : 0} 1 ${at(to)}`;
}
