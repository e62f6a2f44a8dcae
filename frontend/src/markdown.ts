/** The part of Markdown that descriptions and texts use, as elements: no markup of its author's reaches the page. */

import { h } from "./dom";

const INLINE = /(`[^`]+`)|(\*\*[^*]+\*\*)|(\*[^*\s][^*]*\*|_[^_\s][^_]*_(?!\w))|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s)]+)/g;

/** An address that a link may have; null for one that would run something. */
export function safeAddress(address: string): string | null {
  return /^(https?:\/\/|\/(?!\/)|#|mailto:)/i.test(address.trim()) ? address.trim() : null;
}

/** A text's words with emphasis, code and links. */
export function inline(text: string): readonly (Node | string)[] {
  const found: (Node | string)[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    found.push(text.slice(from, match.index));
    from = match.index + match[0].length;
    found.push(marked(match));
  }
  return [...found, text.slice(from)];
}

function marked([whole, code, strong, emphasis, name, address, bare]: RegExpMatchArray): Node | string {
  if (code) return h("code", {}, code.slice(1, -1));
  if (strong) return h("strong", {}, ...inline(strong.slice(2, -2)));
  if (emphasis) return h("em", {}, ...inline(emphasis.slice(1, -1)));
  const target = safeAddress(bare ?? address ?? "");
  return target ? h("a", { href: target, rel: "noopener noreferrer" }, name ?? whole) : whole;
}

/** Paragraphs, headings, lists, tables and code of a text; `top` is the level of its highest heading on the page. */
export function markdown(text: string, top = 3): HTMLElement {
  const root = h("div", { class: "prose" });
  for (const block of text.replace(/\r\n/g, "\n").split(/\n{2,}(?![^`]*```\s*$)/)) {
    if (block.trim() !== "") root.append(...blockOf(block.replace(/^\n+|\n+$/g, ""), top));
  }
  return root;
}

function blockOf(block: string, top: number): readonly Node[] {
  const lines = block.split("\n");
  if (/^```/.test(block)) return [h("pre", {}, h("code", {}, lines.slice(1).join("\n").replace(/\n?```\s*$/, "")))];
  const heading = /^(#{1,6})\s+(.*)$/.exec(lines[0] ?? "");
  if (heading) {
    const level = Math.min(6, (heading[1] ?? "#").length + top - 1) as 1 | 2 | 3 | 4 | 5 | 6;
    const rest = lines.slice(1).join("\n").trim();
    return [h(`h${level}`, {}, ...inline(heading[2] ?? "")), ...(rest ? blockOf(rest, top) : [])];
  }
  if (lines.every((line) => /^\s*([-*+]|\d+[.)])\s+|^\s{2,}\S/.test(line))) return [list(lines)];
  if (lines.length > 1 && /^\s*\|/.test(block) && /^[\s|:-]+$/.test(lines[1] ?? "")) return [table(lines)];
  return [h("p", {}, ...inline(lines.join(" ")))];
}

function list(lines: readonly string[]): HTMLElement {
  const isNumbered = /^\s*\d/.test(lines[0] ?? "");
  const items = lines.reduce<string[]>((known, line) => {
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/.exec(line);
    return item ? [...known, item[1] ?? ""] : [...known.slice(0, -1), `${known.at(-1) ?? ""} ${line.trim()}`];
  }, []);
  return h(isNumbered ? "ol" : "ul", {}, ...items.map((item) => h("li", {}, ...inline(item))));
}

function table(lines: readonly string[]): HTMLElement {
  const [head = [], , ...rows] = lines.map((line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim()));
  return h("table", {}, h("thead", {}, h("tr", {}, ...head.map((cell) => h("th", {}, ...inline(cell))))),
    h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((cell) => h("td", {}, ...inline(cell)))))));
}
