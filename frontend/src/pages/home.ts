/** Every system at a glance: is it alive, does it see the market, what did it earn today, how far is it down, what fires. */

import type { System } from "../api/local";
import type { Rule, Series } from "../api/prometheus";
import { h, fill, styled } from "../dom";
import { legible } from "../format/colour";
import { cents, formatted } from "../format/units";
import { spark } from "../panels/figures";
import type { Means, Page } from "../shell";
import { span, utc, type Range } from "../time/range";
import { shortened } from "../titles";
import { every } from "./polling";

const EVERY = 15_000;
const DAY = 864e5;
const STEP = 15 * 6e4;
const STALE_SECONDS = 300;

type Found = Readonly<Record<string, readonly Series[]>>;

export class HomePage implements Page {
  readonly element = h("div", { class: "page" });
  private readonly cards = h("div", { class: "cards" });
  private readonly more = h("div", {});
  private readonly headline = h("p", { class: "subtitle" }, "Asking Prometheus…");
  private readonly stop: () => void;

  constructor(private readonly means: Means) {
    fill(this.element, h("header", { class: "page-head" }, h("h1", {}, "Overview"), this.headline), this.cards, this.more);
    this.element.addEventListener("dashboards", () => { this.list(); });
    this.list();
    fill(this.cards, ...means.settings.systems.map(awaited));
    this.stop = every(EVERY, () => this.ask());
  }

  readonly dispose = (): void => { this.stop(); };

  private async ask(): Promise<void> {
    const now = Date.now();
    const { prometheus, settings } = this.means;
    const rules = prometheus.rules().catch(() => [] as readonly Rule[]);
    const all = await Promise.all(settings.systems.map(async (system) => ({ system, found: await this.found(system, now) })));
    const present = all.filter(({ found }) => Object.values(found).some((series) => series.length > 0));
    const alerts = (await rules).filter(({ type }) => type === "alerting");
    fill(this.cards, ...present.map(({ system, found }) => card(system, found, firing(alerts, system), now)));
    if (present.length === 0) this.cards.append(h("p", { class: "notice" }, "Prometheus knows of no system yet. Start one, or see under Targets what it asks."));
    const fires = alerts.flatMap((rule) => rule.alerts ?? []).filter(({ state, labels }) => state === "firing" && labels["alertname"] !== "Watchdog").length;
    const dead = present.filter(({ found }) => value(found["alive"]) === 0 || silence(found, now) !== null).length;
    this.headline.textContent = `${present.length} ${present.length === 1 ? "system" : "systems"}${dead ? `, ${dead} not alive` : ""} · ${fires ? `${fires} ${fires === 1 ? "alert fires" : "alerts fire"}` : "no alert fires"} · ${utc(now).slice(0, 16)} UTC`;
  }

  /** One question for all that is asked of now, each part told apart by a label, and one for the course. */
  private async found({ questions }: System, now: number): Promise<Found> {
    const range: Range = { from: now - DAY, to: now, raw: { from: "now-24h", to: "now" } };
    const midnight = String(Math.floor(now / DAY) * (DAY / 1000));
    const { course = "", ...others } = questions;
    const parts = Object.entries(others).map(([name, question]) => `label_replace(${question.replaceAll("$midnight", midnight)}, "question", "${name}", "", "")`);
    const [answers, line] = await Promise.all([this.means.prometheus.instant(parts.join(" or "), now), this.means.prometheus.over(course, range, STEP)]);
    const named = Object.keys(others).map((name) => [name, answers.filter(({ labels }) => labels["question"] === name)] as const);
    return { ...Object.fromEntries(named), course: line };
  }

  private list(): void {
    const all = this.means.dashboards();
    const groups = [...new Set(all.map(({ group }) => group))];
    fill(this.more, ...groups.map((group) => h("section", { class: "shelf" }, h("h2", {}, group), h("ul", {}, ...all.filter((each) => each.group === group).map((each) =>
      h("li", {}, h("a", { href: `/d/${encodeURIComponent(each.uid)}` }, h("b", {}, shortened(each)), h("span", { class: each.problem ? "is-wrong" : null }, each.problem ?? each.description))))))));
  }
}

const value = (series: readonly Series[] | undefined): number | null => {
  const found = series?.[0]?.points.at(-1)?.[1];
  return found === undefined || Number.isNaN(found) ? null : found;
};

/** The place of a card whose numbers were not told yet. */
function awaited({ title, dashboard }: System): HTMLElement {
  return h("article", { class: "card is-awaited", "aria-busy": "true" }, h("header", {}, h("h2", {}, h("a", { href: `/d/${dashboard}` }, title)), h("span", { class: "state is-unknown" }, "asking…")));
}

/** Milliseconds since a system's last number, where nothing is known of it now; else null. */
function silence(found: Found, now: number): number | null {
  const { course = [], ...current } = found;
  const last = course[0]?.points.at(-1)?.[0];
  return last === undefined || Object.values(current).some((series) => series.length > 0) ? null : now - last;
}

interface Firing { readonly count: number; readonly worst: string }

function firing(rules: readonly Rule[], { job, name }: System): Firing {
  const own = rules.flatMap((rule) => rule.alerts ?? []).filter(({ state, labels }) => state === "firing" && labels["alertname"] !== "Watchdog" && (labels["job"] === job || labels["system"] === name));
  return { count: own.length, worst: own.some(({ labels }) => labels["severity"] === "critical") ? "critical" : own.length ? "warning" : "none" };
}

function card(system: System, found: Found, alerts: Firing, now: number): HTMLElement {
  const [pnl, share, drawdown, equity] = [value(found["pnl"]), value(found["pnl_percent"]), value(found["drawdown"]), value(found["equity"])];
  const course = spark(found["course"]?.[0]?.points ?? [], STEP);
  const isGain = (pnl ?? 0) >= 0;
  const kind = !pnl ? "" : isGain ? "is-gain" : "is-loss";
  const own = h("article", { class: "card" },
    h("header", {}, h("h2", {}, h("a", { href: `/d/${system.dashboard}` }, system.title)), ...states(found, now)),
    h("div", { class: "card-main" },
      h("div", { class: "card-pnl" }, h("span", { class: "card-label" }, "P&L today"), h("span", { class: `card-number ${kind}` }, pnl === null ? "–" : signed(pnl)), share === null ? null : h("span", { class: "soft" }, `${sign(share)}${formatted(Math.abs(share), "percent", 2)}`)),
      h("div", { class: "card-course" }, course, course ? h("span", { class: "card-label" }, "Equity, 24 hours") : null)),
    h("dl", { class: "card-facts" },
      ...fact("Equity", equity === null ? "–" : cents(equity)), ...fact("Drawdown", drawdown === null ? "–" : formatted(drawdown, "percent", 2), (drawdown ?? 0) >= 10 ? "is-loss" : ""),
      ...fact("Open", whole(found["open"])), ...fact("Trades", whole(found["trades"])),
      ...fact("Alerts", alerts.count ? h("a", { href: "/alerts" }, `${alerts.count} firing`) : "none", alerts.worst === "critical" ? "is-loss" : alerts.count ? "is-warn" : "")));
  return styled(own, { "--line": legible(isGain ? "#3f9a74" : "#c9574f", undefined, 3) });
}

function states(found: Found, now: number): readonly HTMLElement[] {
  const silent = silence(found, now);
  if (silent !== null) return [h("span", { class: "state is-down", title: "its exporter or Prometheus does not see it: look under Targets" }, `no numbers for ${span(silent)}`)];
  const alive = value(found["alive"]);
  const seen = value(found["market"]);
  const age = seen === null ? null : now / 1000 - seen;
  const isHalted = value(found["trading"]) === 0;
  const sees = age === null ? "unknown" : age < STALE_SECONDS ? "up" : "down";
  return [
    h("span", { class: `state is-${alive === null ? "unknown" : alive > 0 ? "up" : "down"}` }, alive === null ? "no heartbeat known" : alive > 0 ? "alive" : "not alive"),
    h("span", { class: `state is-${sees}`, title: seen === null ? null : `newest price ${utc(seen * 1000)} UTC` }, age === null ? "market unknown" : sees === "up" ? "sees the market" : `no price for ${span(age * 1000)}`),
    ...(isHalted ? [h("span", { class: "state is-down", title: "a limit or a person has halted it: the alerts say which, and tradewatch status what resumes it" }, "trading halted")] : []),
  ];
}

const sign = (number: number): string => (number > 0 ? "+" : number < 0 ? "−" : "");
const signed = (number: number): string => `${sign(number)}${cents(Math.abs(number))}`;
const whole = (series: readonly Series[] | undefined): string => {
  const found = value(series);
  return found === null ? "–" : formatted(found, "locale", 0);
};

function fact(name: string, text: string | HTMLElement, kind = ""): readonly HTMLElement[] {
  return [h("div", {}, h("dt", {}, name), h("dd", { class: kind || null }, text))];
}
