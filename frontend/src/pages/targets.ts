/** What Prometheus scrapes, and how that goes. */

import type { Target } from "../api/prometheus";
import { h, fill } from "../dom";
import { formatted } from "../format/units";
import type { Means, Page } from "../shell";
import { span, utc } from "../time/range";
import { every } from "./polling";

const EVERY = 10_000;

export class TargetsPage implements Page {
  readonly element = h("div", { class: "page" });
  readonly dispose: () => void;
  private readonly content = h("div", {}, h("p", { class: "calm" }, "Asking Prometheus…"));

  constructor(private readonly means: Means) {
    fill(this.element, h("header", { class: "page-head" }, h("h1", {}, "Targets"), h("p", { class: "subtitle" }, "What Prometheus asks for numbers, and how that goes.")), this.content);
    this.dispose = every(EVERY, async () => { this.show(await this.means.prometheus.targets()); });
  }

  private show(targets: readonly Target[]): void {
    const down = targets.filter(({ health }) => health === "down").length;
    const ordered = [...targets].sort((one, other) => Number(one.health === "up") - Number(other.health === "up") || one.scrapePool.localeCompare(other.scrapePool));
    fill(this.content,
      h("div", { class: "tally" }, ...[[targets.length - down, "up", "good"], [down, "down", down ? "bad" : "quiet"]].map(([number, name, kind]) => h("div", { class: `count is-${String(kind)}` }, h("b", {}, number), h("span", {}, name)))),
      targets.length === 0 ? h("p", { class: "notice" }, "Prometheus scrapes nothing: its configuration names no targets.") : h("div", { class: "table-frame is-free" }, table(ordered)));
  }
}

function table(targets: readonly Target[]): HTMLElement {
  return h("table", { class: "data is-roomy" },
    h("thead", {}, h("tr", {}, ...["State", "Job", "Instance", "Last scrape", "Took", "What is wrong"].map((name, at) => h("th", { scope: "col", class: at === 3 || at === 4 ? "is-number" : null }, name)))),
    h("tbody", {}, ...targets.map((each) => {
      const at = Date.parse(each.lastScrape);
      const isAsked = at > 0;
      return h("tr", {}, h("td", {}, h("span", { class: `state is-${each.health}` }, each.health)), h("td", {}, h("b", {}, each.labels["job"] ?? "")), h("td", {}, each.labels["instance"] ?? ""),
        h("td", { class: "is-number", title: isAsked ? `${utc(at)} UTC` : null }, isAsked ? `${span(Date.now() - at)} ago` : "not yet"),
        h("td", { class: "is-number" }, formatted(each.lastScrapeDuration, "s", 1)), h("td", { class: each.lastError ? "is-wrong" : "" }, each.lastError));
    })));
}
