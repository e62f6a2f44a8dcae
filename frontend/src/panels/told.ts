/** What a picture shows, as a table that is read aloud and not seen. */

import { h, fill } from "../dom";

const MOST = 100;

/** A name, and its newest value in words. */
export type Said = readonly [name: string, value: string];

/** The table; a picture beside it is hidden from who cannot see it. */
export class Told {
  private readonly table = h("table", {});
  readonly element = h("div", { class: "unseen told" }, this.table);

  constructor(private readonly title: string) {}

  draw(values: readonly Said[]): void {
    const left = values.length - MOST;
    const rows = values.slice(0, MOST).map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name || "value"), h("td", {}, value)));
    fill(this.table, h("caption", {}, `${this.title}, newest values${left > 0 ? `, ${left} more are not read` : ""}`), h("tbody", {}, ...rows));
  }
}
