/** A number with its unit's sign set smaller, and the spark of its course. */

import type { Point } from "../api/prometheus";
import type { Display } from "../dashboard/fields";
import { breakable, h, svg } from "../dom";

/** A value, its unit one size smaller; a word may be broken behind its underscores. */
export function figure({ shown: { prefix, text, suffix }, isMapped }: Display): HTMLElement {
  const words = isMapped ? breakable(text) : [text];
  return h("span", { class: "figure" },
    prefix && h("span", { class: "figure-sign" }, prefix),
    h("span", { class: "figure-number" }, ...words),
    suffix && h("span", { class: "figure-unit" }, suffix));
}

/** About how many digits wide a figure is, so that its size can follow. */
export function widthOf({ shown: { prefix, text, suffix }, isMapped }: Display): number {
  if (isMapped) return Math.max(...text.split("_").map((word, at, all) => (word.length + (at < all.length - 1 ? 1 : 0)) * 1.25));
  return text.length + 0.72 * prefix.length + 0.62 * suffix.length;
}

/** The course of a series without axes; null where a single point has no course. */
export function spark(points: readonly Point[], step: number): SVGSVGElement | null {
  const known = points.filter(([, value]) => Number.isFinite(value));
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || first === last) return null;
  const values = known.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (at: number): string => (((at - first[0]) / (last[0] - first[0])) * 100).toFixed(2);
  const y = (value: number): string => (high === low ? 15 : 28 - ((value - low) / (high - low)) * 26).toFixed(2);
  const pieces = broken(known, step);
  const line = pieces.map((piece) => piece.map(([at, value], index) => `${index ? "L" : "M"}${x(at)} ${y(value)}`).join("")).join("");
  const area = pieces.map((piece) => {
    const [from, to] = [piece[0] ?? first, piece.at(-1) ?? last];
    return `M${x(from[0])} 30${piece.map(([at, value]) => `L${x(at)} ${y(value)}`).join("")}L${x(to[0])} 30Z`;
  }).join("");
  return svg("svg", { class: "spark", viewBox: "0 0 100 30", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("path", { class: "spark-area", d: area }), svg("path", { class: "spark-line", d: line }));
}

function broken(points: readonly Point[], step: number): readonly (readonly Point[])[] {
  const pieces: Point[][] = [];
  for (const point of points) {
    const piece = pieces.at(-1);
    const before = piece?.at(-1);
    if (piece && before && point[0] - before[0] <= step * 1.5) piece.push(point);
    else pieces.push([point]);
  }
  return pieces;
}
