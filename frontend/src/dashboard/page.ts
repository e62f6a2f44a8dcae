/** A dashboard: its controls, its panels, and asking again as time goes on. */

import type { Prometheus } from "../api/prometheus";
import { h, fill, styled } from "../dom";
import { onTheme } from "../theme";
import { resolved, type Range } from "../time/range";
import { milliseconds } from "../time/interval";
import { choicesOf, offered, type Offered } from "../variables/chosen";
import { marksOf, type Mark } from "./annotations";
import { Controls } from "./controls";
import { parts, position } from "./layout";
import type { Dashboard, Panel } from "./model";
import { read, written, type Chosen } from "./state";
import { unsupportedVariable } from "./unsupported";
import { PanelView } from "./view";

const RETRY = 5_000;

export class DashboardPage {
  readonly element = h("div", { class: "dashboard" });
  private readonly controls: Controls;
  private readonly grid = h("div", { class: "parts" });
  private readonly views: PanelView[] = [];
  private readonly watcher: IntersectionObserver;
  private readonly sizes: ResizeObserver;
  private chosen: Chosen;
  private range: Range;
  private variables: readonly Offered[] = [];
  private marks: readonly Mark[] = [];
  private round = 0;
  private asked = "";
  private timer = 0;
  private isOver = false;
  private readonly release: () => void;

  constructor(private readonly dashboard: Dashboard, private readonly prometheus: Prometheus, private readonly scrape: number, private readonly clock: () => number = () => Date.now()) {
    this.chosen = read(new URLSearchParams(location.search), dashboard);
    this.range = this.resolve();
    const variables = this.askVariables(); // they are on their way while the page is built
    this.controls = new Controls(dashboard, (change) => { this.choose(change); }, () => { void this.refresh(); });
    this.watcher = new IntersectionObserver((entries) => { this.seen(entries); }, { rootMargin: "300px" });
    this.sizes = new ResizeObserver((entries) => { for (const { target } of entries) this.viewOf(target)?.resize(); });
    fill(this.element, this.controls.element, this.grid);
    this.build();
    document.addEventListener("visibilitychange", this.woken);
    document.addEventListener("keydown", this.pressed);
    this.release = onTheme(() => { for (const view of this.views) view.redraw(); });
    void this.refresh(variables);
  }

  dispose(): void {
    this.isOver = true;
    this.release();
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.woken);
    document.removeEventListener("keydown", this.pressed);
    this.watcher.disconnect();
    this.sizes.disconnect();
    for (const view of this.views) view.dispose();
  }

  private build(): void {
    const notes = (this.dashboard.templating?.list ?? []).flatMap((each) => unsupportedVariable(each) ?? []);
    if (notes.length) this.grid.append(h("p", { class: "notice is-warning" }, notes.join(" ")));
    for (const part of parts(this.dashboard.panels ?? [])) {
      const grid = h("div", { class: "grid" }, ...part.panels.map((panel) => styled(this.add(panel), position(panel, part))));
      if (part.title === null) this.grid.append(h("h2", { class: "unseen" }, "At a glance"), grid);
      else this.grid.append(h("details", { class: "part", open: !part.isFolded }, h("summary", { class: "part-title" }, h("h2", {}, part.title)), grid));
    }
    this.enlarge();
  }

  private add(panel: Panel): HTMLElement {
    const view = new PanelView(panel, { choices: () => choicesOf(this.variables), marks: () => this.marks, zoom: (part) => { this.zoom(part); } }, () => {
      this.choose({ panel: this.chosen.panel === panel.id ? null : (panel.id ?? null) });
    });
    this.views.push(view);
    this.watcher.observe(view.element);
    this.sizes.observe(view.element);
    return view.element;
  }

  private viewOf(element: Element): PanelView | undefined {
    return this.views.find((view) => view.element === element);
  }

  private seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const view = this.viewOf(target);
      if (!view) continue;
      view.isVisible = isIntersecting;
      if (!isIntersecting || this.round === 0) continue;
      view.measure(choicesOf(this.variables));
      void this.draw(view);
    }
  }

  private draw(view: PanelView): Promise<void> {
    return view.refresh({ prometheus: this.prometheus, range: this.range, choices: choicesOf(this.variables), scrape: this.scrape }, `${this.round}`);
  }

  private resolve(): Range {
    return resolved(this.chosen.range, this.clock()) ?? resolved({ from: "now-6h", to: "now" }, this.clock()) ?? { from: 0, to: 1, raw: this.chosen.range };
  }

  /** Take the range anew from the clock and ask everything that is seen. */
  private async refresh(variables: Promise<void> | null = null): Promise<void> {
    clearTimeout(this.timer);
    this.range = this.resolve();
    this.controls.show(this.chosen, this.variables, this.range);
    const mustAsk = this.prometheus.trouble !== null || this.variables.some(({ problem }) => problem !== null);
    if (variables !== null || mustAsk) await (variables ?? this.askVariables());
    if (this.isOver) return;
    this.round += 1;
    for (const view of this.views) view.measure(choicesOf(this.variables));
    const drawn = this.views.map((view) => this.draw(view));
    void this.mark(); // after the panels, for few questions are on their way at once
    await Promise.allSettled(drawn);
    this.controls.told(this.clock());
    this.again();
  }

  private async askVariables(): Promise<void> {
    const key = JSON.stringify([this.chosen.variables, this.chosen.range]);
    this.asked = key;
    const found = await offered(this.dashboard.templating?.list ?? [], this.chosen.variables, this.prometheus, this.range);
    const wereKnown = this.variables.length > 0 && found.some(({ problem }) => problem !== null);
    if (this.asked === key && !wereKnown) this.variables = found;
    this.controls.show(this.chosen, this.variables, this.range);
  }

  private again(): void {
    clearTimeout(this.timer);
    const every = this.prometheus.trouble ? RETRY : milliseconds(this.chosen.refresh);
    if (this.isOver || document.hidden || !every) return;
    this.timer = window.setTimeout(() => { void this.refresh(); }, Math.max(1000, every));
  }

  private async mark(): Promise<void> {
    const round = this.round;
    const all = (this.dashboard.annotations?.list ?? []).filter((each) => each.expr && (each.enable === true) !== this.chosen.switched.includes(each.name ?? ""));
    const found = await Promise.allSettled(all.map((each) => marksOf(each, this.prometheus, this.range, choicesOf(this.variables), this.scrape)));
    if (round !== this.round) return;
    const marks = found.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
    if (JSON.stringify(marks) === JSON.stringify(this.marks)) return;
    this.marks = marks;
    for (const view of this.views) if (view.panel.type === "timeseries") view.redraw();
  }

  private choose(change: Partial<Chosen>): void {
    this.chosen = { ...this.chosen, ...change };
    const parameters = written(this.chosen, this.dashboard).toString();
    history.replaceState(history.state, "", `${location.pathname}${parameters ? `?${parameters}` : ""}`);
    if ("panel" in change) {
      this.enlarge();
      return;
    }
    if ("refresh" in change) {
      this.controls.show(this.chosen, this.variables, this.range);
      this.again();
      return;
    }
    this.range = this.resolve();
    void this.refresh("variables" in change || "range" in change ? this.askVariables() : null);
  }

  private zoom(part: { readonly from: number; readonly to: number } | null): void {
    const { from, to } = this.range;
    const wide = { from: from - (to - from) / 2, to: Math.min(to + (to - from) / 2, Math.max(to, this.clock())) };
    const next = part ?? wide;
    if (next.to - next.from >= 1000) this.choose({ range: { from: String(Math.round(next.from)), to: String(Math.round(next.to)) } });
  }

  /** Show one panel alone, or all of them. */
  private enlarge(): void {
    const alone = this.chosen.panel;
    this.element.classList.toggle("is-alone", alone !== null);
    for (const view of this.views) {
      const isAlone = view.panel.id === alone;
      view.element.classList.toggle("is-enlarged", alone !== null && isAlone);
      const part = view.element.closest("details");
      if (isAlone && part) part.open = true;
      if (isAlone && alone !== null) view.element.focus();
    }
    for (const grid of this.grid.querySelectorAll(".grid")) grid.classList.toggle("has-enlarged", grid.querySelector(".is-enlarged") !== null);
  }

  private readonly woken = (): void => {
    if (!document.hidden) void this.refresh();
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    const isWriting = event.target instanceof HTMLElement && event.target.closest("input, select, textarea, [popover]") !== null;
    if (isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && this.chosen.panel !== null) this.choose({ panel: null });
    else if (event.key === "r") void this.refresh();
    else if (event.key === "-") this.zoom(null);
    else if (event.key === "v") this.enlargeAt(event.target);
  };

  private enlargeAt(target: EventTarget | null): void {
    const element = (target instanceof HTMLElement ? target.closest(".panel") : null) ?? document.querySelector(".panel:hover");
    const view = element ? this.viewOf(element) : undefined;
    if (view) this.choose({ panel: this.chosen.panel === view.panel.id ? null : (view.panel.id ?? null) });
  }
}

/** The page of a dashboard; raises the sentence of the server where there is none. */
export async function dashboardPage(dashboard: Promise<Dashboard>, prometheus: Prometheus, scrape: () => Promise<number>): Promise<DashboardPage> {
  const [content, seconds] = await Promise.all([dashboard, scrape()]);
  return new DashboardPage(content, prometheus, seconds);
}
