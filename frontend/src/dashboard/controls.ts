/** What stands above a dashboard: its title, variables, the time shown, how often it is asked again, marks, links. */

import { h, fill, styled } from "../dom";
import { colourNamed } from "../format/colour";
import { safeAddress } from "../markdown";
import { described, QUICK, resolved, utc, type Range } from "../time/range";
import type { Offered } from "../variables/chosen";
import type { Dashboard, Link } from "./model";
import { place } from "./explaining";
import { ALL, type Chosen } from "./state";

const REFRESHES: readonly (readonly [string, string])[] = [["", "Off"], ["5s", "5 s"], ["15s", "15 s"], ["30s", "30 s"], ["1m", "1 min"], ["5m", "5 min"]];

export class Controls {
  readonly element: HTMLElement;
  private readonly variables = h("div", { class: "variables" });
  private readonly when = h("div", { class: "when" });
  private readonly marks = h("div", { class: "marks" });
  private readonly fresh = h("span", { class: "fresh" });
  private shown = "";

  constructor(private readonly dashboard: Dashboard, private readonly choose: (change: Partial<Chosen>) => void, private readonly refresh: () => void) {
    this.element = h("div", { class: "controls" },
      h("div", { class: "controls-top" }, h("div", { class: "headline" }, h("h1", {}, dashboard.title ?? ""), dashboard.description ? h("p", { class: "subtitle" }, dashboard.description) : null), this.when),
      h("div", { class: "controls-bottom" }, this.variables, this.marks, this.siblings()));
  }

  /** Note when the newest answers came. */
  told(at: number): void {
    this.fresh.textContent = `as of ${utc(at).slice(11)} UTC`;
  }

  /** Show what is chosen; nothing is touched that is the same, so that a list stays open. */
  show(chosen: Chosen, variables: readonly Offered[], range: Range): void {
    const key = JSON.stringify([chosen, variables.map(({ options, choice }) => [options, choice])]);
    if (key === this.shown) return;
    this.shown = key;
    const offers = variables.filter(({ variable }) => (variable.hide ?? 0) < 2 && variable.type !== "constant" && !(variable.type === "datasource"));
    if (!this.variables.querySelector("[popover]:popover-open")) fill(this.variables, ...offers.map((each) => this.variable(each, chosen)));
    else this.relabel(offers);
    if (!this.when.querySelector("[popover]:popover-open")) fill(this.when, this.fresh, ...this.time(chosen, range));
    fill(this.marks, ...this.switches(chosen));
  }

  private relabel(offers: readonly Offered[]): void {
    for (const each of offers) {
      const text = this.variables.querySelector(`[data-variable="${each.variable.name}"] .choice-text`);
      if (text) text.textContent = summary(each);
    }
  }

  private variable(offer: Offered, chosen: Chosen): HTMLElement {
    const { variable, options, choice } = offer;
    const id = `variable-${variable.name}`;
    const set = (values: readonly string[]): void => { this.choose({ variables: { ...chosenNow(), [variable.name]: values } }); };
    const chosenNow = (): Chosen["variables"] => ({ ...chosen.variables, ...this.picked });
    const boxes = options.map(({ text, value }) => this.option(variable.name, text, value, !choice.isAll && choice.values.includes(value), choice.isMulti));
    const all = variable.includeAll ? this.option(variable.name, "All", ALL, choice.isAll, choice.isMulti) : null;
    const list = h("div", { class: "popover choices", id, popover: "auto", role: "group", "aria-label": variable.label ?? variable.name }, all, ...boxes,
      options.length === 0 && h("p", { class: "hint" }, offer.problem ?? "There is nothing to choose from yet."));
    list.addEventListener("change", (event) => { this.pick(event.target as HTMLInputElement, list, set, choice.isMulti, variable.name); });
    const button = h("button", { type: "button", class: "choice", popovertarget: id, "data-variable": variable.name }, h("span", { class: "choice-name" }, variable.label ?? variable.name), h("span", { class: "choice-text" }, summary(offer)));
    list.addEventListener("toggle", () => { place(list, button); });
    return h("div", { class: "variable" }, button, list);
  }

  private picked: Record<string, readonly string[]> = {};

  private option(name: string, text: string, value: string, isChosen: boolean, isMulti: boolean): HTMLElement {
    const box = h("input", { type: isMulti ? "checkbox" : "radio", name: `var-${name}`, value });
    box.checked = isChosen;
    return h("label", { class: "option" }, box, h("span", {}, text || "(empty)"));
  }

  private pick(box: HTMLInputElement, list: HTMLElement, set: (values: readonly string[]) => void, isMulti: boolean, name: string): void {
    const boxes = [...list.querySelectorAll("input")];
    const all = boxes.find(({ value }) => value === ALL);
    if (box === all && box.checked) for (const each of boxes) each.checked = each === all;
    else if (all && box.checked) all.checked = false;
    let values = boxes.filter(({ checked }) => checked).map(({ value }) => value);
    if (values.length === 0 && all) {
      all.checked = true;
      values = [ALL];
    }
    if (values.length === 0) {
      box.checked = true;
      values = [box.value];
    }
    this.picked[name] = values;
    set(values);
    if (!isMulti) list.hidePopover();
  }

  private time(chosen: Chosen, range: Range): readonly HTMLElement[] {
    const set = (from: string, to: string): void => {
      this.when.querySelector<HTMLElement>("#time-choices")?.hidePopover();
      this.choose({ range: { from, to } });
    };
    const quick = QUICK.map(([from, to, name]) => h("button", { type: "button", class: from === chosen.range.from && to === chosen.range.to ? "quick is-chosen" : "quick", onclick: () => { set(from, to); } }, name));
    const list = h("div", { class: "popover times", id: "time-choices", popover: "auto" }, h("div", { class: "quicks" }, ...quick), this.exact(chosen, range, set));
    const button = h("button", { type: "button", class: "choice time", popovertarget: "time-choices", title: `${utc(range.from)} to ${utc(range.to)} UTC` }, h("span", { class: "choice-text" }, described(chosen.range)), h("span", { class: "choice-name" }, "UTC"));
    list.addEventListener("toggle", () => { place(list, button); });
    const wide = range.to - range.from;
    const move = (share: number): void => { set(String(Math.round(range.from + wide * share)), String(Math.round(range.to + wide * share))); };
    return [
      h("div", { class: "buttons" },
        h("button", { type: "button", class: "icon", title: "Earlier", "aria-label": "Earlier", onclick: () => { move(-0.5); } }, "‹"), button, list,
        h("button", { type: "button", class: "icon", title: "Later", "aria-label": "Later", onclick: () => { move(0.5); } }, "›"),
        h("button", { type: "button", class: "icon", title: "Twice as much time (−)", "aria-label": "Twice as much time", onclick: () => { set(String(Math.round(range.from - wide / 2)), String(Math.round(range.to + wide / 2))); } }, "−")),
      h("div", { class: "buttons" }, h("button", { type: "button", class: "icon", title: "Ask again (r)", "aria-label": "Ask again", onclick: this.refresh }, "↻"), this.refreshes(chosen)),
    ];
  }

  private exact(chosen: Chosen, range: Range, set: (from: string, to: string) => void): HTMLElement {
    const field = (name: string, value: string): HTMLInputElement => h("input", { type: "text", name, value, spellcheck: "false", autocomplete: "off" });
    const [from, to] = [field("from", plain(chosen.range.from, range.from)), field("to", plain(chosen.range.to, range.to))];
    const wrong = h("p", { class: "hint is-wrong", role: "alert" });
    const submit = (event: Event): void => {
      event.preventDefault();
      const isRange = resolved({ from: from.value, to: to.value }, Date.now()) !== null;
      wrong.textContent = isRange ? "" : "That is no span of time: write 2026-11-20 08:00 or now-6h, the end after the beginning.";
      if (isRange) set(from.value.trim(), to.value.trim());
    };
    return h("form", { class: "exact", onsubmit: submit }, h("label", {}, "From (UTC)", from), h("label", {}, "To (UTC)", to), wrong, h("button", { type: "submit", class: "primary" }, "Show"));
  }

  private refreshes(chosen: Chosen): HTMLElement {
    const known = REFRESHES.some(([value]) => value === chosen.refresh) ? REFRESHES : [...REFRESHES, [chosen.refresh, chosen.refresh] as const];
    const list = h("select", { class: "refreshes", "aria-label": "Ask again every", onchange: () => { this.choose({ refresh: list.value }); } }, ...known.map(([value, name]) => h("option", { value, selected: value === chosen.refresh }, name)));
    return list;
  }

  private switches(chosen: Chosen): readonly HTMLElement[] {
    return (this.dashboard.annotations?.list ?? []).filter(({ expr, hide }) => expr && !hide).map(({ name = "", enable, iconColor = "blue" }) => {
      const isOn = (enable === true) !== chosen.switched.includes(name);
      const others = chosen.switched.filter((each) => each !== name);
      const toggle = (): void => { this.choose({ switched: chosen.switched.includes(name) ? others : [...others, name] }); };
      return h("button", { type: "button", class: "mark", role: "switch", "aria-checked": String(isOn), onclick: toggle }, styled(h("i", { class: "swatch" }), { "--paint": colourNamed(iconColor) }), name);
    });
  }

  private siblings(): HTMLElement {
    const links = (this.dashboard.links ?? []).flatMap((each) => this.sibling(each));
    return h("nav", { class: "siblings", "aria-label": "Related dashboards" }, ...links);
  }

  private sibling({ title = "", url = "", includeVars, keepTime, targetBlank }: Link): readonly HTMLElement[] {
    const address = safeAddress(url);
    if (!address) return [];
    const carried = (): string => {
      const kept = [...new URLSearchParams(location.search)].filter(([key]) => (includeVars === true && key.startsWith("var-")) || (keepTime === true && (key === "from" || key === "to")));
      return kept.length ? `${address}?${new URLSearchParams(kept).toString()}` : address;
    };
    const link = h("a", { href: address, target: targetBlank ? "_blank" : null, rel: "noopener noreferrer" }, title);
    for (const kind of ["pointerdown", "focus"]) link.addEventListener(kind, () => { link.href = carried(); });
    return [link];
  }
}

function summary({ choice, options }: Offered): string {
  if (choice.isAll) return "All";
  const texts = choice.texts ?? choice.values;
  if (texts.length === 0) return options.length ? "None" : "–";
  return texts.length <= 2 ? texts.join(", ") : `${texts.length} chosen`;
}

const plain = (raw: string, at: number): string => (/^\d+$/.test(raw) ? utc(at) : raw);
