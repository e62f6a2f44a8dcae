/** What fires and what is about to, with its value, since when, and what to do. */

import type { Delivered } from "../api/alertmanager";
import type { Alert, Rule } from "../api/prometheus";
import { h, fill } from "../dom";
import { formatted } from "../format/units";
import { inline, safeAddress } from "../markdown";
import { runbookAddress } from "../router";
import type { Means, Page } from "../shell";
import { span, utc } from "../time/range";
import { every } from "./polling";

const EVERY = 10_000;
const SEVERITIES = ["critical", "warning", "info", "none"];

export class AlertsPage implements Page {
  readonly element = h("div", { class: "page" });
  readonly dispose: () => void;
  private readonly content = h("div", {}, h("p", { class: "calm" }, "Asking Prometheus…"));
  private delivered: readonly Delivered[] | null = null;
  private telling: ReadonlySet<string> | null = null;
  /** Whether a person opened or closed the list of rules. */
  private isOpen: boolean | null = null;

  constructor(private readonly means: Means) {
    fill(this.element, h("header", { class: "page-head" }, h("h1", {}, "Alerts"), h("p", { class: "subtitle" }, "What fires now, what is about to, and what each of them asks of you.")), this.content);
    this.dispose = every(EVERY, () => this.ask());
  }

  private async ask(): Promise<void> {
    const delivered = this.means.alertmanager.alerts().then((found) => (this.delivered = found), () => this.delivered);
    const rules = await this.means.prometheus.rules();
    const telling = this.means.alertmanager.telling().then((found) => (this.telling = found), () => this.telling);
    await Promise.all([delivered, telling]);
    this.show(rules.filter(({ type }) => type === "alerting"));
  }

  private show(rules: readonly Rule[]): void {
    const alerts = rules.flatMap((rule) => (rule.alerts ?? []).map((alert) => ({ rule, alert })));
    const firing = alerts.filter(({ alert }) => alert.state === "firing" && !isWatchdog(alert));
    const pending = alerts.filter(({ alert }) => alert.state === "pending");
    const broken = rules.filter(({ health }) => health === "err");
    fill(this.content,
      h("div", { class: "tally" }, count(firing.length, "firing", firing.length ? "bad" : "good"), count(pending.length, "pending", pending.length ? "warn" : "quiet"),
        count(rules.length, rules.length === 1 ? "rule" : "rules", "quiet"), broken.length ? count(broken.length, "broken", "bad") : null),
      rules.length === 0 && h("p", { class: "notice" }, "Prometheus has no alerting rules: load a file of rules in its configuration."),
      rules.length > 0 && firing.length + pending.length === 0 && h("p", { class: "calm" }, "Nothing needs you. All rules are quiet."),
      this.section("Firing", firing), this.section("Pending", pending), this.quiet(rules, firing.length + pending.length === 0));
  }

  private section(title: string, alerts: readonly { rule: Rule; alert: Alert }[]): HTMLElement | null {
    if (alerts.length === 0) return null;
    const ordered = [...alerts].sort((one, other) => rank(one.alert) - rank(other.alert) || one.alert.activeAt.localeCompare(other.alert.activeAt));
    return h("section", { class: "alert-list" }, h("h2", {}, title), ...ordered.map(({ rule, alert }) => this.card(rule, alert)));
  }

  private card(rule: Rule, { labels, annotations, activeAt, state, value }: Alert): HTMLElement {
    const link = runbook(annotations["runbook_url"]);
    const kept = Object.entries(labels).filter(([name]) => name !== "alertname" && name !== "severity");
    const severity = labels["severity"] ?? "none";
    const held = this.holder(labels);
    return h("article", { class: `alert is-${severity} is-${state}` },
      h("div", { class: "alert-main" },
        h("h3", {}, rule.name, h("span", { class: `badge is-${severity}` }, severity)),
        h("p", {}, ...inline(annotations["summary"] ?? annotations["description"] ?? rule.query)),
        annotations["summary"] && annotations["description"] ? h("p", { class: "soft" }, ...inline(annotations["description"])) : null,
        h("p", { class: "labels" }, ...kept.map(([name, text]) => h("span", {}, `${name} `, h("b", {}, text))))),
      h("dl", { class: "alert-facts" }, ...fact("Value", valued(value)), ...fact("Since", `${span(Date.now() - Date.parse(activeAt))}`, `${utc(Date.parse(activeAt))} UTC`),
        ...(held ? fact("Delivery", held) : []), ...(link ? [h("dt", {}, "What to do"), h("dd", {}, link)] : [])));
  }

  private holder(labels: Readonly<Record<string, string>>): string | null {
    const found = this.delivered?.find((each) => Object.entries(labels).every(([name, text]) => each.labels[name] === text));
    if (!found) return null;
    if (found.status.silencedBy.length) return "silenced";
    if (found.status.inhibitedBy.length) return "held back by a graver one";
    const told = found.receivers.map(({ name }) => name).filter((name) => this.telling?.has(name) ?? true);
    return told.length ? `to ${told.join(", ")}` : "to nobody";
  }

  private quiet(rules: readonly Rule[], isOpen: boolean): HTMLElement {
    const rows = [...rules].sort((one, other) => one.name.localeCompare(other.name)).map((rule) => h("tr", {},
      h("td", {}, rule.name), h("td", {}, h("span", { class: `badge is-${rule.labels?.["severity"] ?? "none"}` }, rule.labels?.["severity"] ?? "none")),
      h("td", {}, rule.state ?? ""), h("td", { class: rule.health === "err" ? "is-wrong" : "soft" }, rule.health === "err" ? (rule.lastError ?? "cannot be evaluated") : (rule.annotations?.["summary"] ?? "").replace(/\{\{.*?\}\}/g, "…")),
      h("td", {}, runbook(rule.annotations?.["runbook_url"]))));
    const head = h("tr", {}, ...["Rule", "Severity", "State", "What it tells", ""].map((name) => h("th", { scope: "col" }, name)));
    const list = h("div", { class: "table-frame is-free" }, h("table", { class: "data" }, h("thead", {}, head), h("tbody", {}, ...rows)));
    const title = h("summary", { class: "part-title", onclick: () => { this.isOpen = !part.open; } }, h("h2", {}, `All ${rules.length} rules`));
    const part = h("details", { class: "part", open: this.isOpen ?? isOpen }, title, list);
    return part;
  }
}

function runbook(address = ""): HTMLElement | null {
  const target = safeAddress(runbookAddress(address));
  return target ? h("a", { href: target, target: target.startsWith("/") ? null : "_blank", rel: "noopener noreferrer" }, "Runbook") : null;
}

const isWatchdog = ({ labels }: Alert): boolean => labels["alertname"] === "Watchdog";

const rank = ({ labels }: Alert): number => {
  const at = SEVERITIES.indexOf(labels["severity"] ?? "none");
  return at < 0 ? SEVERITIES.length : at;
};

const valued = (text: string): string => (Number.isFinite(Number(text)) ? formatted(Number(text), "none") : text);

function fact(name: string, text: string, title: string | null = null): readonly HTMLElement[] {
  return [h("dt", {}, name), h("dd", { title }, text)];
}

function count(number: number, name: string, kind: string): HTMLElement {
  return h("div", { class: `count is-${kind}` }, h("b", {}, number), h("span", {}, name));
}
