/** How a trade came about and what became of it, told from its facts. */

import type { Chapter, Story } from "../api/local";
import { h } from "../dom";
import { fixed } from "../format/decimals";
import { cents, formatted } from "../format/units";
import { span, utc } from "../time/range";
import { direction, money } from "./trades";

export function storyOf({ trade, facts, chapters }: Story): HTMLElement {
  const held = trade.opened !== null && trade.closed !== null ? span(trade.closed - trade.opened) : null;
  return h("div", { class: "story" },
    h("header", {}, h("p", { class: "card-label" }, `${trade.system} · ${trade.id}`), h("h2", {}, trade.asset, " ", direction(trade.direction)),
      h("p", { class: "story-result" }, trade.state === "open" ? "open" : money(trade), held ? h("span", { class: "soft" }, ` in ${held}`) : null)),
    h("dl", { class: "story-facts" }, ...facts.map(([name, value, unit]) => h("div", {}, h("dt", {}, name), h("dd", {}, told(value, unit))))),
    h("ol", { class: "chapters" }, ...chapters.map(chapterOf)));
}

function told(value: string | number | null, unit: string): string {
  if (value === null) return "–";
  if (typeof value === "string") return value;
  if (unit === "price") return value.toLocaleString("en", { maximumSignificantDigits: 8 });
  return unit === "money" ? cents(value) : formatted(value, unit || "none", unit === "percentunit" ? 1 : undefined);
}

function chapterOf({ at, kind, title, details, votes }: Chapter): HTMLElement {
  return h("li", { class: `chapter is-${kind}` },
    h("time", { datetime: new Date(at).toISOString() }, utc(at)), h("h3", {}, title),
    details.length > 0 && h("p", { class: "labels" }, ...details.map(([name, value]) => h("span", {}, `${name} `, h("b", {}, typeof value === "number" ? value.toLocaleString("en", { maximumSignificantDigits: 8 }) : (value ?? "–"))))),
    votes.length > 0 && h("table", { class: "data votes" },
      h("thead", {}, h("tr", {}, ...["Engine", "Vote", "Confidence", "Weight", "Why", ""].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, ...votes.map((vote) => h("tr", {}, h("td", {}, h("b", {}, vote.engine)), h("td", {}, vote.stance), h("td", { class: "is-number" }, `${fixed(100 * vote.confidence, 0)}%`),
        h("td", { class: "is-number" }, fixed(vote.weight, 2)), h("td", { class: "soft" }, vote.reason), h("td", {}, vote.correct === null ? "" : vote.correct ? "✓ right" : "✗ wrong"))))));
}
