/** The names of lines, perhaps with their values; a click shows one alone, with Ctrl or Shift it is added. */

import { h, fill, styled } from "../dom";
import { NAMES, calculated } from "../dashboard/calculate";
import { display } from "../dashboard/fields";
import type { Named } from "../dashboard/answers";
import type { Panel } from "../dashboard/model";

export class Legend {
  readonly element: HTMLElement;
  readonly placement: "right" | "bottom";
  private readonly shown = new Set<string>();
  private series: readonly Named[] = [];
  private colour: (name: string) => string = () => "";

  constructor(private readonly panel: Panel, private readonly changed: () => void) {
    const options = panel.options?.legend;
    this.placement = options?.placement === "right" ? "right" : "bottom";
    this.element = h("div", { class: `legend is-${this.placement}`, hidden: options?.showLegend === false });
  }

  /** Whether a line is to be seen. */
  isShown(name: string): boolean {
    return this.shown.size === 0 || this.shown.has(name);
  }

  draw(series: readonly Named[], colour: (name: string) => string): void {
    this.series = series;
    this.colour = colour;
    for (const name of this.shown) if (!series.some((each) => each.name === name)) this.shown.delete(name);
    const isNameless = series.length === 1 && (series[0]?.name === this.panel.title || series[0]?.name === "");
    this.element.classList.toggle("is-empty", isNameless);
    fill(this.element, this.isTable ? this.table() : h("div", { class: "legend-list" }, ...series.map((each) => this.item(each))));
  }

  private get isTable(): boolean {
    return this.panel.options?.legend?.displayMode === "table";
  }

  private get calculations(): readonly string[] {
    return this.panel.options?.legend?.calcs ?? [];
  }

  private item(series: Named): HTMLElement {
    const values = this.calculations.map((name) => this.value(series, name));
    return h("button", { type: "button", class: "legend-item", "aria-pressed": String(this.isShown(series.name)), title: series.name, onclick: (event) => { this.toggle(series.name, event as MouseEvent); } },
      styled(h("i", { class: "swatch" }), { background: this.colour(series.name) }), h("span", { class: "legend-name" }, series.name || "value"),
      ...values.map((value) => h("b", {}, value)));
  }

  private table(): HTMLElement {
    return h("table", { class: "legend-table" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, h("span", { class: "unseen" }, "Series")), ...this.calculations.map((name) => h("th", { scope: "col" }, NAMES[name] ?? name)))),
      h("tbody", {}, ...this.series.map((each) => h("tr", {}, h("td", {}, this.named(each)), ...this.calculations.map((name) => h("td", { class: "is-number" }, this.value(each, name)))))));
  }

  private named(series: Named): HTMLElement {
    return h("button", { type: "button", class: "legend-item", "aria-pressed": String(this.isShown(series.name)), title: series.name, onclick: (event) => { this.toggle(series.name, event as MouseEvent); } },
      styled(h("i", { class: "swatch" }), { background: this.colour(series.name) }), h("span", { class: "legend-name" }, series.name || "value"));
  }

  private value(series: Named, calculation: string): string {
    return display(series.field, calculated(calculation, series.points)).text;
  }

  private toggle(name: string, event: MouseEvent): void {
    const isAdding = event.ctrlKey || event.metaKey || event.shiftKey;
    const wasAlone = this.shown.size === 1 && this.shown.has(name);
    if (!isAdding) this.shown.clear();
    if (isAdding && this.shown.has(name)) this.shown.delete(name);
    else if (!wasAlone) this.shown.add(name);
    this.draw(this.series, this.colour);
    this.changed();
  }
}
