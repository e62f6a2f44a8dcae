/** A bar for each value on one scale; the paint runs from the lowest colour to the value's own. */

import { colourNamed, legible } from "../format/colour";
import { breakable, h, fill, scrollable, styled } from "../dom";
import { steps } from "../dashboard/fields";
import type { Panel } from "../dashboard/model";
import { figure } from "./figures";
import { plain, type Draw } from "./drawing";
import { coloursOf, scaleOf, valuesOf, type Value } from "./values";

const NAME_WIDTH = 36;
const DIGIT_WIDTH = 6.5;
const TWO_LINES = 28;
const ONE_LINE = 17;

export const draw: Draw = (panel) => {
  const isUpright = panel.options?.orientation === "vertical";
  const element = h("div", { class: isUpright ? "bars is-upright" : "bars", role: "list" });
  return plain(element, (answer) => {
    const values = valuesOf(panel, answer);
    const scale = scaleOf(values, values[0]?.field ?? {});
    const isSpread = (panel.targets ?? []).some(({ format }) => format === "heatmap");
    const colour = isSpread ? () => "var(--accent)" : coloursOf(values);
    const every = isSpread ? Math.ceil((values.length * NAME_WIDTH) / Math.max(1, element.clientWidth)) : 1;
    element.classList.toggle("is-spread", isSpread);
    const widest = Math.max(0, ...values.map(({ display }) => display.text.length)) * DIGIT_WIDTH;
    scrollable(element, !isUpright && values.length * ONE_LINE > element.clientHeight);
    element.classList.toggle("is-dense", values.length * TWO_LINES > element.clientHeight);
    element.classList.toggle("is-crowd", isSpread && widest * values.length > element.clientWidth);
    fill(element, ...values.map((value, at) => bar(panel, isSpread ? bucketed(value, at, every) : value, scale, colour(value.name))));
    return values.length ? null : "no-data";
  });
};

/** A bucket by its upper end, without decimals that say nothing; where all have no room, only some have a name. */
function bucketed(value: Value, at: number, every: number): Value {
  const bound = Number(value.name);
  const name = Number.isFinite(bound) ? bound.toLocaleString("en", { maximumSignificantDigits: 3, notation: "compact" }) : value.name.replace("+Inf", "∞");
  return { ...value, name: at % every === 0 ? name : "\u00a0" };
}

function bar(panel: Panel, value: Value, [low, high]: readonly [number, number], own: string): HTMLElement {
  const share = (at: number): number => Math.min(1, Math.max(0, (at - low) / (high - low)));
  const zero = share(Math.max(low, Math.min(high, 0)));
  const [from, to] = [zero, share(value.value)].sort((a, b) => a - b) as [number, number];
  const colour = value.display.colour ? colourNamed(value.display.colour, "var(--accent)") : own;
  const paint = h("div", { class: "bar-paint" });
  styled(paint, { "--from": `${from * 100}%`, "--extent": `${(to - from) * 100}%`, "--paint": gradient(panel, value, [low, high], colour) });
  const figures = h("div", { class: "bar-value" }, figure(value.display));
  styled(figures, { color: legible(colour) });
  return h("div", { class: "bar", role: "listitem" },
    h("div", { class: "bar-name", title: value.name }, ...breakable(value.name || "value")),
    h("div", { class: "bar-track" }, paint), figures);
}

/** From the lowest threshold's colour to that which the value itself has, never beyond. */
function gradient(panel: Panel, { field, value }: Value, [low]: readonly [number, number], colour: string): string {
  const direction = panel.options?.orientation === "vertical" ? "to top" : "to right";
  const reached = steps(field).filter(({ from }) => from <= value);
  if (panel.options?.["displayMode"] !== "gradient" || (field.color?.mode ?? "thresholds") !== "thresholds" || reached.length < 2 || value <= low) return colour;
  const stops = reached.map(({ from, color }) => {
    const at = Math.max(0, (from - low) / (value - low)) * 100;
    return `${colourNamed(color, colour)} ${at.toFixed(1)}%`;
  });
  return `linear-gradient(${direction}, ${[...stops, `${colour} 100%`].join(", ")})`;
}
