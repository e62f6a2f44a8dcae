/** A table that can be sorted by each of its columns. */

import { between, colourNamed, inkOn, legible, surface } from "../format/colour";
import { breakable, h, fill, styled } from "../dom";
import { display } from "../dashboard/fields";
import { tableOf, type Cell, type Column, type Table } from "../dashboard/tables";
import type { Named } from "../dashboard/answers";
import { utc } from "../time/range";
import { plain, type Draw } from "./drawing";

const FILLED = 0.88;

interface Order {
  readonly column: string;
  readonly isDown: boolean;
}

export const draw: Draw = (panel) => {
  const element = h("div", { class: "table-frame", tabindex: 0 });
  let order: Order | null = null;
  let last: readonly Named[] = [];
  const show = (): string | null => {
    const table = tableOf(panel, last);
    fill(element, table.rows.length ? drawn(ordered(table, order), order, (column) => {
      order = { column, isDown: order?.column === column ? !order.isDown : true };
      show();
    }) : null);
    return table.rows.length ? null : "no-data";
  };
  return plain(element, ({ series }) => {
    last = series;
    return show();
  });
};

function ordered(table: Table, order: Order | null): Table {
  const at = table.columns.findIndex(({ name }) => name === order?.column);
  if (order === null || at < 0) return table;
  const sign = order.isDown ? -1 : 1;
  return { ...table, rows: [...table.rows].sort((one, other) => sign * compared(one[at] ?? null, other[at] ?? null)) };
}

function compared(one: Cell, other: Cell): number {
  if (one === null || other === null) return one === other ? 0 : one === null ? -1 : 1;
  return typeof one === "number" && typeof other === "number" ? one - other : String(one).localeCompare(String(other), "en", { numeric: true });
}

function drawn({ columns, rows }: Table, order: Order | null, sort: (column: string) => void): HTMLElement {
  const heads = columns.map((column) => h("th", { scope: "col", class: column.isNumber ? "is-number" : null, "aria-sort": order?.column === column.name ? (order.isDown ? "descending" : "ascending") : null },
    h("button", { type: "button", class: "sort", onclick: () => { sort(column.name); } }, ...breakable(column.name))));
  return h("table", { class: "data" }, h("thead", {}, h("tr", {}, ...heads)),
    h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((cell, at) => cellOf(columns[at], cell))))));
}

function cellOf(column: Column | undefined, cell: Cell): HTMLElement {
  if (typeof cell === "string" || !column?.isNumber) {
    return h(column?.source.includes("\\") ? "th" : "td", column?.source.includes("\\") ? { scope: "row" } : {}, cell ?? "");
  }
  if (column.source === "Time" && cell !== null) return h("td", { class: "is-number" }, utc(cell));
  const shown = display(column.field, cell);
  const element = h("td", { class: "is-number" }, cell === null ? h("span", { class: "nothing", title: shown.text }, "–") : shown.text);
  const kind = (column.field.custom?.["cellOptions"] as { type?: string } | undefined)?.type;
  if (cell === null || shown.colour === null || !kind || kind === "auto") return element;
  const colour = colourNamed(shown.colour);
  if (kind === "color-text") return styled(element, { color: legible(colour) });
  element.classList.add("is-filled");
  const ground = between([surface(), colour], FILLED);
  return styled(element, { background: ground, color: inkOn(ground) });
}
