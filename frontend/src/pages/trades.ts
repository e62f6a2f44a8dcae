/** Open positions and closed trades of the ledgers, each with its story. */

import type { Story, Trade, Trades } from "../api/local";
import { h, fill } from "../dom";
import { cents } from "../format/units";
import type { Means, Page } from "../shell";
import { span, utc } from "../time/range";
import { every } from "./polling";
import { storyOf } from "./story";

const EVERY = 15_000;
const FILTERS: readonly (readonly [name: string, label: string])[] = [["system", "System"], ["asset", "Asset"], ["who", "Engine or agent"], ["direction", "Direction"], ["outcome", "Outcome"], ["mode", "Mode"]];
const PAGE = 100;

export class TradesPage implements Page {
  readonly element = h("div", { class: "page" });
  private readonly filters = h("form", { class: "filters", "aria-label": "Which trades" });
  private readonly content = h("div", { class: "trade-lists" }, h("p", { class: "calm", role: "status" }, "Reading the ledgers…"));
  private readonly drawer = h("dialog", { class: "drawer", "aria-label": "The story of a trade" });
  private readonly stop: () => void;
  private shown = "";
  private limit = PAGE;

  constructor(private readonly means: Means) {
    fill(this.element, h("header", { class: "page-head" }, h("h1", {}, "Trades"), h("p", { class: "subtitle" }, "Read from the ledger itself. Choose one to see how it came about and what became of it.")), this.filters, this.content, this.drawer);
    this.filters.addEventListener("change", () => { this.changed(); });
    this.filters.addEventListener("submit", (event) => { event.preventDefault(); });
    this.drawer.addEventListener("click", (event) => { if (event.target === this.drawer) this.drawer.close(); });
    this.stop = every(EVERY, () => this.ask());
  }

  readonly dispose = (): void => { this.stop(); };

  private filter(): Readonly<Record<string, string>> {
    const known = new URLSearchParams(location.search);
    return Object.fromEntries(FILTERS.flatMap(([name]) => (known.get(name) ? [[name, known.get(name) ?? ""]] : [])));
  }

  private changed(): void {
    const chosen = [...new FormData(this.filters)].filter(([, text]) => text !== "").map(([name, text]): [string, string] => [name, String(text)]);
    history.replaceState(null, "", chosen.length ? `/trades?${new URLSearchParams(chosen).toString()}` : "/trades");
    this.limit = PAGE;
    void this.ask().catch(() => undefined);
  }

  private async ask(): Promise<void> {
    const found = await this.means.local.trades({ ...this.filter(), limit: String(this.limit) });
    const key = JSON.stringify([found, this.filter()]);
    if (key === this.shown) return;
    this.shown = key;
    this.choices(found);
    this.show(found);
  }

  private choices({ choices }: Trades): void {
    const chosen = this.filter();
    fill(this.filters, ...FILTERS.filter(([name]) => (choices[name]?.length ?? 0) > 1 || chosen[name]).map(([name, label]) => h("label", {}, h("span", {}, label),
      h("select", { name }, h("option", { value: "" }, "All"), ...(choices[name] ?? []).map((each) => h("option", { value: each, selected: each === chosen[name] }, each))))));
  }

  private show({ trades, total, problems }: Trades): void {
    const open = trades.filter(({ state }) => state === "open");
    const closed = trades.filter(({ state }) => state !== "open");
    const more = h("button", { type: "button", class: "primary", onclick: () => { this.limit += 4 * PAGE; void this.ask().catch(() => undefined); } }, "Show more");
    fill(this.content, ...problems.map((each) => h("p", { class: "notice is-warning" }, each)),
      trades.length === 0 && problems.length === 0 && h("p", { class: "notice" }, this.means.settings.ledgers.length ? "No trade fits." : "No ledger was given: start the viewer with --ledger."),
      open.length > 0 && h("section", {}, h("h2", {}, `Open positions · ${open.length}`), this.table(open, true)),
      closed.length > 0 && h("section", {}, h("h2", {}, `Closed trades · ${total - open.length}`), this.table(closed, false)),
      trades.length < total && h("p", { class: "more" }, `The newest ${trades.length} of ${total}. `, more));
  }

  private table(trades: readonly Trade[], isOpen: boolean): HTMLElement {
    const heads: readonly (readonly [string, boolean])[] = [[isOpen ? "Opened" : "Closed", false], ["Asset", false], ["Direction", false], ["By", false], ["Regime", false], ["Quantity", true], ["Entry", true],
      ...(isOpen ? [["Open for", true] as const] : [["Exit", true] as const, ["Held", true] as const, ["P&L", true] as const, ["Why it ended", false] as const])];
    return h("div", { class: "table-frame is-free" }, h("table", { class: "data is-roomy is-clickable" },
      h("thead", {}, h("tr", {}, ...heads.map(([name, isNumber]) => h("th", { scope: "col", class: isNumber ? "is-number" : null }, name)))),
      h("tbody", {}, ...trades.map((trade) => this.row(trade, isOpen)))));
  }

  private row(trade: Trade, isOpen: boolean): HTMLElement {
    const at = isOpen ? trade.opened : trade.closed;
    const held = trade.opened === null ? null : (isOpen ? Date.now() : (trade.closed ?? trade.opened)) - trade.opened;
    const open = (): void => { void this.tell(trade); };
    return h("tr", { onclick: open, class: trade.state === "voided" ? "is-voided" : null },
      h("td", {}, h("button", { type: "button", class: "plain", onclick: (event) => { event.stopPropagation(); open(); } }, at === null ? "–" : utc(at, false), h("span", { class: "unseen" }, ` the story of trade ${trade.id}`))),
      h("td", {}, h("b", {}, trade.asset)), h("td", {}, direction(trade.direction)), h("td", {}, trade.who ?? "–", trade.mode ? h("span", { class: "soft" }, ` ${trade.mode}`) : null), h("td", {}, trade.regime ?? "–"),
      h("td", { class: "is-number" }, number(trade.quantity)), h("td", { class: "is-number" }, number(trade.entry)),
      isOpen ? h("td", { class: "is-number" }, held === null ? "–" : span(held)) : null,
      ...(isOpen ? [] : [h("td", { class: "is-number" }, number(trade.exit)), h("td", { class: "is-number" }, held === null ? "–" : span(held)), h("td", { class: "is-number" }, money(trade)), h("td", {}, trade.state === "voided" ? "taken back" : (trade.reason ?? "–"), trade.corrected ? h("span", { class: "soft" }, " corrected") : null)]));
  }

  private async tell({ ledger, system, id }: Trade): Promise<void> {
    fill(this.drawer, h("p", { class: "soft" }, "Reading the ledger…"));
    this.drawer.showModal();
    const close = h("button", { type: "button", class: "icon close", "aria-label": "Close", onclick: () => { this.drawer.close(); } }, "×");
    try {
      const story: Story = await this.means.local.story(ledger, system, id);
      fill(this.drawer, close, storyOf(story));
    } catch (error) {
      fill(this.drawer, close, h("p", { class: "notice is-warning" }, error instanceof Error ? error.message : String(error)));
    }
  }
}

export function direction(text: string | null): HTMLElement {
  const isLong = /buy|long/i.test(text ?? "");
  return h("span", { class: text === null ? "soft" : isLong ? "is-gain" : "is-loss" }, text === null ? "–" : `${isLong ? "▲" : "▼"} ${text}`);
}

export function number(found: number | null): string {
  return found === null ? "–" : found.toLocaleString("en", { maximumSignificantDigits: 8 });
}

export function money({ pnl }: Trade): HTMLElement {
  if (pnl === null) return h("span", { class: "soft" }, "–");
  return h("span", { class: pnl > 0 ? "is-gain" : pnl < 0 ? "is-loss" : "" }, `${pnl > 0 ? "+" : pnl < 0 ? "−" : ""}${cents(Math.abs(pnl))}`);
}
