/** What a tooltip says, as elements. */

import { h, styled } from "../dom";
import type { Mark } from "../dashboard/annotations";
import { colourNamed } from "../format/colour";

export interface Line {
  readonly name: string;
  readonly value: string;
  readonly colour: string;
  readonly isNear?: boolean;
}

const MOST = 20;

/** A heading, a line for each series, and what is marked then. */
export function tip(title: string, lines: readonly Line[], marks: readonly Mark[] = []): HTMLElement {
  const left = lines.length - MOST;
  return h("div", { class: "tip-content" },
    h("div", { class: "tip-title" }, title),
    ...lines.slice(0, MOST).map(({ name, value, colour, isNear }) => h("div", { class: isNear ? "tip-line is-near" : "tip-line" },
      styled(h("i", { class: "swatch" }), { background: colour }), h("span", { class: "tip-name" }, name), h("b", {}, value))),
    left > 0 && h("div", { class: "tip-more" }, `and ${left} more`),
    ...marks.map(({ title: name, text, colour }) => h("div", { class: "tip-mark" },
      styled(h("i", { class: "swatch" }), { background: colourNamed(colour) }), text && text !== name ? `${name}: ${text}` : name)));
}
