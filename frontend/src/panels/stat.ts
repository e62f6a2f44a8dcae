/** One large value for each series. */

import { between, colourNamed, legible, surface } from "../format/colour";
import { h, fill, scrollable, styled } from "../dom";
import type { Answer } from "../dashboard/answers";
import type { Panel } from "../dashboard/model";
import { figure, spark, widthOf } from "./figures";
import type { Draw } from "./drawing";
import { valuesOf, type Value } from "./values";

const NARROWEST = 104;
const LOWEST = 46;
/** How much of its colour a filled tile has, and a little more. */
const GROUND = 0.22;

export const draw: Draw = (panel) => {
  const element = h("div", { class: "stats" });
  let count = 0;
  return {
    element,
    draw(answer) {
      const values = valuesOf(panel, answer);
      count = values.length;
      element.classList.toggle("is-many", count > 1);
      arrange(element, count);
      fill(element, ...values.map((value) => tile(panel, value, count > 1, answer)));
      return count ? null : "no-data";
    },
    resize: () => { arrange(element, count); },
    dispose: () => undefined,
  };
};

/** As many columns as tiles fit side by side; where they would be too low, name and value share a line. */
function arrange(element: HTMLElement, count: number): void {
  if (count < 2) return; // before the size is asked for, which lays the page out
  const { clientWidth: width, clientHeight: height } = element;
  if (!width) return;
  const most = Math.max(1, Math.floor(width / NARROWEST));
  const lines = Math.ceil(count / most);
  const columns = Math.ceil(count / lines);
  const isLow = height / lines < LOWEST;
  const narrow = isLow ? Math.max(1, Math.min(columns, Math.floor(width / (NARROWEST + 26)))) : columns;
  element.classList.toggle("is-low", isLow);
  scrollable(element, isLow);
  styled(element, { "grid-template-columns": `repeat(${narrow}, minmax(0, 1fr))` });
}

function tile(panel: Panel, value: Value, isNamed: boolean, answer: Answer): HTMLElement {
  const mode = String(panel.options?.["textMode"] ?? "auto");
  const named = mode === "value_and_name" || mode === "name" || (mode === "auto" && isNamed);
  const course = panel.options?.["graphMode"] === "area" ? spark(value.series.points, answer.step) : null;
  const tile = h("div", { class: "stat", title: isNamed ? value.name : null },
    named && h("div", { class: "stat-name" }, value.name),
    mode === "name" || mode === "none" ? null : h("div", { class: "stat-value" }, figure(value.display)),
    course);
  return painted(panel, tile, value);
}

function painted(panel: Panel, tile: HTMLElement, { display }: Value): HTMLElement {
  styled(tile, { "--length": String(Math.max(4, widthOf(display))) });
  if (display.isMapped) tile.classList.add("is-word");
  const mode = String(panel.options?.["colorMode"] ?? "value");
  if (display.colour === null || mode === "none") return tile;
  const colour = colourNamed(display.colour);
  if (!mode.startsWith("background")) return styled(tile, { "--value": legible(colour), "--line": colour });
  tile.classList.add("is-filled");
  return styled(tile, { "--ground": colour, "--value": legible(colour, between([surface(), colour], GROUND)), "--line": colour });
}
