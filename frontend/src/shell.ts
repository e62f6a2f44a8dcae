/** The frame around every page: where one is and can go, and what is wrong with the servers behind. */

import { Alertmanager } from "./api/alertmanager";
import { AnswerError, Local, type Listed, type Settings } from "./api/local";
import { Prometheus } from "./api/prometheus";
import type { Source, Trouble } from "./api/source";
import { h, fill } from "./dom";
import { follow, routeOf, type Route } from "./router";
import { chooseTheme, chosenTheme, type Theme } from "./theme";
import { span, utc } from "./time/range";
import { shortened } from "./titles";

/** A page that is shown, and what it leaves behind when another is. */
export interface Page {
  readonly element: HTMLElement;
  dispose(): void;
}

/** What pages are made with. */
export interface Means {
  readonly local: Local;
  readonly prometheus: Prometheus;
  readonly alertmanager: Alertmanager;
  readonly settings: Settings;
  readonly dashboards: () => readonly Listed[];
}

const RELIST = 15_000;
const PAGES: readonly (readonly [path: string, name: string])[] = [["/", "Home"], ["/alerts", "Alerts"], ["/trades", "Trades"], ["/targets", "Targets"]];

export class Shell {
  private readonly local = new Local();
  private readonly prometheus = new Prometheus();
  private readonly alertmanager = new Alertmanager();
  private readonly navigation = h("nav", { class: "rail", id: "rail", "aria-label": "Pages and dashboards" });
  private readonly banner = h("div", { class: "banners", role: "status", "aria-live": "polite" });
  private readonly subject = h("p", { class: "side-subject" });
  private readonly main = h("main", { id: "main", tabindex: -1 });
  private settings: Settings | null = null;
  private listed: readonly Listed[] = [];
  private page: Page | null = null;
  private turn = 0;
  private shownPath = "";
  private told = "[]";

  constructor(private readonly root: HTMLElement) {}

  async start(): Promise<void> {
    this.frame();
    for (const each of [this.local, this.prometheus, this.alertmanager]) each.onChange(() => { this.tell(); });
    follow(() => { this.go(); });
    window.setInterval(() => { this.tell(); }, 1_000);
    window.setInterval(() => { void this.list(); }, RELIST);
    this.open(routeOf(location.pathname));
    await Promise.all([this.list(), this.settle()]);
  }

  private frame(): void {
    const menu = h("button", { type: "button", class: "icon menu", "aria-label": "Menu", "aria-controls": "rail", "aria-expanded": "false", onclick: () => { this.toggle(menu); } }, "☰");
    const brand = h("a", { class: "brand", href: "/" }, h("img", { src: "/favicon.svg", alt: "", width: 24, height: 24 }), h("span", {}, "Tradewatch"));
    fill(this.root, h("a", { class: "skip", href: "#main" }, "Skip to the content"),
      h("div", { class: "frame" },
        h("header", { class: "topbar" }, menu, brand),
        h("aside", { class: "side", "aria-label": "Tradewatch" }, h("div", { class: "side-brand" }, brand.cloneNode(true)), this.subject, this.navigation, this.foot()),
        h("div", { class: "stage" }, this.banner, this.main)));
    this.rail();
  }

  private toggle(menu: HTMLElement): void {
    const isOpen = this.root.classList.toggle("is-open");
    menu.setAttribute("aria-expanded", String(isOpen));
  }

  private foot(): HTMLElement {
    const choice = h("select", { "aria-label": "Colours", onchange: () => { chooseTheme(choice.value as Theme); } },
      ...(["system", "light", "dark"] as const).map((each) => h("option", { value: each, selected: each === chosenTheme() }, { system: "As the system", light: "Light", dark: "Dark" }[each])));
    return h("div", { class: "side-foot" }, h("label", {}, h("span", {}, "Colours"), choice));
  }

  private rail(): void {
    const here = location.pathname;
    const link = (path: string, name: string, note: Node | null = null): HTMLElement =>
      h("a", { href: path, "aria-current": path === here || (path !== "/" && here === `${path}/`) ? "page" : null }, h("span", {}, name), note);
    const groups = [...new Set(this.listed.map(({ group }) => group))];
    fill(this.navigation, h("ul", { class: "pages" }, ...PAGES.map(([path, name]) => h("li", {}, link(path, name)))),
      ...groups.map((group) => h("section", {}, h("h2", {}, group), h("ul", {}, ...this.listed.filter((each) => each.group === group).map((each) =>
        h("li", {}, link(`/d/${encodeURIComponent(each.uid)}`, shortened(each), each.problem ? h("span", { class: "flag", title: each.problem }, "!") : null)))))));
  }

  private async list(): Promise<void> {
    try {
      const found = await this.local.dashboards();
      if (JSON.stringify(found) === JSON.stringify(this.listed)) return;
      this.listed = found;
      this.rail();
      this.page?.element.dispatchEvent(new CustomEvent("dashboards"));
    } catch {
      // the banner says what is wrong, and what was listed stays
    }
  }

  private settling: Promise<Settings> | null = null;

  private settle(): Promise<Settings> {
    this.settling ??= this.local.settings().then((found) => this.settled(found), (error: unknown) => {
      this.settling = null;
      throw error;
    });
    return this.settling;
  }

  private settled(found: Settings): Settings {
    this.settings = found;
    this.subject.textContent = found.subject ? `Shows ${found.subject}.` : "";
    return found;
  }

  private go(): void {
    this.root.classList.remove("is-open");
    if (location.pathname === this.shownPath) return;
    this.open(routeOf(location.pathname));
    this.rail();
    this.main.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  private open(route: Route): void {
    this.turn += 1;
    this.shownPath = location.pathname;
    void this.show(route, this.turn);
  }

  private async show(route: Route, turn: number): Promise<void> {
    try {
      const page = route.page === "dashboard" ? await this.dashboard(route.uid) : await this.made(route, await this.means());
      if (turn !== this.turn) page.dispose();
      else this.put(page);
    } catch (error) {
      if (turn === this.turn) this.failed(error, route, turn);
    }
  }

  private async means(): Promise<Means> {
    const settings = this.settings ?? (await this.settle());
    return { local: this.local, prometheus: this.prometheus, alertmanager: this.alertmanager, settings, dashboards: () => this.listed };
  }

  private async dashboard(uid: string): Promise<Page> {
    const content = this.local.dashboard(uid);
    content.catch(() => undefined); // it is told where the page is made
    const { dashboardPage } = await import("./dashboard/page");
    const page = await dashboardPage(content, this.prometheus, async () => (this.settings ?? (await this.settle())).scrape_seconds * 1000);
    document.title = `${(await content).title ?? "Dashboard"} · Tradewatch`;
    return page;
  }

  private async made(route: Exclude<Route, { page: "dashboard" }>, means: Means): Promise<Page> {
    document.title = "Tradewatch";
    if (route.page === "nothing") throw new AnswerError(`There is no page ${route.path}.`);
    if (route.page === "runbook") {
      document.title = `${route.name} · Tradewatch`;
      return (await import("./pages/runbook")).runbookPage(await this.local.runbook(route.name));
    }
    document.title = `${PAGES.find(([path]) => path === `/${route.page}`)?.[1] ?? "Home"} · Tradewatch`;
    if (route.page === "alerts") return new (await import("./pages/alerts")).AlertsPage(means);
    if (route.page === "targets") return new (await import("./pages/targets")).TargetsPage(means);
    if (route.page === "trades") return new (await import("./pages/trades")).TradesPage(means);
    return new (await import("./pages/home")).HomePage(means);
  }

  private put(page: Page): void {
    this.page?.dispose();
    this.page = page;
    fill(this.main, page.element);
  }

  private failed(error: unknown, route: Route, turn: number): void {
    const sentence = error instanceof Error ? error.message : String(error);
    const element = h("div", { class: "nothing-here" }, h("h1", {}, "This cannot be shown"), h("p", {}, sentence), h("p", {}, h("a", { href: "/" }, "Back to the overview")));
    const timer = error instanceof AnswerError ? 0 : window.setTimeout(() => { if (turn === this.turn) void this.show(route, turn); }, 3_000);
    this.put({ element, dispose: () => { clearTimeout(timer); } });
  }

  /** Say which servers are in trouble and since when; how long that is goes on by itself and is not read aloud. */
  private tell(): void {
    const troubles = ([this.local, this.prometheus, this.alertmanager] as readonly Source[]).flatMap(({ trouble, slowness }) => trouble ?? slowness ?? []);
    const key = JSON.stringify(troubles);
    if (key !== this.told) fill(this.banner, ...troubles.map(banner));
    this.told = key;
    for (const each of this.banner.querySelectorAll<HTMLElement>("[data-since]")) each.textContent = ` (${span(Date.now() - Number(each.dataset["since"]))})`;
  }
}

function banner({ name, since, sentence, isSlow }: Trouble): HTMLElement {
  const rest = isSlow ? "What is shown is from before." : "What is shown is from before; it is asked again every few seconds.";
  return h("p", { class: "banner" }, h("strong", {}, isSlow ? `${name} is slow` : `${name} is not to be had`), isSlow ? `, asked at ${utc(since).slice(11)} UTC` : ` since ${utc(since).slice(11)} UTC`,
    h("span", { "aria-live": "off", "data-since": since }), `: ${sentence}. ${rest}`);
}
