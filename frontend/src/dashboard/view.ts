/** A panel on the page: its title, its drawing, and in words whatever keeps it from being drawn. */

import { QueryError } from "../api/prometheus";
import { SourceError } from "../api/source";
import { h, fill } from "../dom";
import type { Drawing, Surroundings } from "../panels/drawing";
import { drawingOf } from "../panels/registry";
import { words, type Choices } from "../variables/interpolate";
import { answered, type Answer, type Asking } from "./answers";
import { described, linked } from "./explaining";
import type { Panel } from "./model";
import { unsupported } from "./unsupported";

const SHORTEST_SENTENCE = 3;

export class PanelView {
  readonly element: HTMLElement;
  isVisible = false;
  private readonly body = h("div", { class: "panel-body" });
  private readonly note = h("div", { class: "panel-note", hidden: true });
  private readonly heading = h("h3", { class: "panel-title" });
  private readonly progress = h("div", { class: "progress", "aria-hidden": "true" });
  private drawing: Drawing | null = null;
  private loading: Promise<Drawing> | null = null;
  private asked: AbortController | null = null;
  private shownFor = "";
  private answer: Answer | null = null;
  private points = 600;
  private readonly refusals: readonly string[];

  constructor(readonly panel: Panel, private readonly surroundings: Surroundings, enlarge: () => void) {
    this.refusals = unsupported(panel);
    const title = panel.title ?? "";
    this.heading.textContent = title;
    this.element = h("section", { class: `panel kind-${panel.type}`, "data-panel": panel.id, "aria-label": title || panel.type, tabindex: -1 },
      h("header", { class: "panel-head" }, this.heading, described(panel),
        h("span", { class: "panel-tools" }, ...linked(panel, () => surroundings.choices()), h("button", { type: "button", class: "icon enlarge", title: "Full screen (v)", "aria-label": `Full screen: ${title}`, onclick: enlarge }, "⤢"))),
      this.progress, this.body, this.note);
    if (panel.type === "text" && !title) this.element.classList.add("is-bare");
  }

  /** Title it and see how wide it is: for all panels before any is drawn, as the page is laid out once for all of them. */
  measure(choices: Choices): void {
    const title = words(this.panel.title ?? "", choices);
    if (this.heading.textContent !== title) this.heading.textContent = title;
    if (this.isVisible) this.points = Math.max(100, Math.round(this.body.clientWidth || 600));
  }

  /** Ask and draw; a question that is asked again cancels the one before. `key` tells whether anything has changed. */
  async refresh(asking: Omit<Asking, "points" | "signal">, key: string): Promise<void> {
    if (!this.isVisible || this.shownFor === key) return;
    if (this.refusals.length) {
      this.say(this.refusals.join(" "), "unsupported");
      return;
    }
    this.shownFor = key;
    this.asked?.abort();
    const asked = new AbortController();
    this.asked = asked;
    this.progress.classList.add("is-busy");
    try {
      const [answer, drawing] = await Promise.all([answered(this.panel, { ...asking, points: this.points, signal: asked.signal }), this.drawn()]);
      if (asked.signal.aborted) return;
      this.answer = answer;
      this.show(drawing, drawing.draw(answer));
    } catch (error) {
      if (!asked.signal.aborted) this.failed(error);
    } finally {
      if (this.asked === asked) this.progress.classList.remove("is-busy");
    }
  }

  /** Draw the same answer again, for what is marked on it has changed. */
  redraw(): void {
    if (this.answer && this.drawing) this.drawing.draw(this.answer);
  }

  /** Lay the drawing out again. */
  resize(): void {
    this.drawing?.resize();
  }

  dispose(): void {
    this.asked?.abort();
    this.drawing?.dispose();
  }

  private async drawn(): Promise<Drawing> {
    this.loading ??= drawingOf(this.panel.type).then((draw) => draw(this.panel, this.surroundings));
    this.drawing = await this.loading;
    if (!this.drawing.element.isConnected) fill(this.body, this.drawing.element);
    return this.drawing;
  }

  private show(drawing: Drawing, sentence: string | null): void {
    this.element.classList.remove("is-stale");
    drawing.element.hidden = sentence !== null;
    if (sentence === null) this.note.hidden = true;
    else this.say(sentence === "no-data" ? this.emptiness() : sentence, "empty");
    this.element.dataset["state"] = sentence === null ? "drawn" : "empty";
    if (sentence === null) requestAnimationFrame(() => { drawing.resize(); });
  }

  /** Why there is nothing: what the dashboard says of it, else plainly. */
  private emptiness(): string {
    const own = (this.panel.fieldConfig?.defaults?.noValue ?? "").replace(/^–\s*\((.*)\)$/, "$1");
    return own.length > SHORTEST_SENTENCE ? `${own.charAt(0).toUpperCase()}${own.slice(1)}.` : "Nothing was recorded in this time.";
  }

  private failed(error: unknown): void {
    this.shownFor = "";
    this.element.dataset["state"] = "failed";
    const hasPicture = this.answer !== null && this.drawing !== null && !this.drawing.element.hidden;
    this.element.classList.toggle("is-stale", hasPicture);
    if (error instanceof SourceError && hasPicture) return;
    const sentence = error instanceof QueryError ? `Prometheus refuses the query: ${error.message}` : error instanceof Error ? error.message : String(error);
    if (this.drawing) this.drawing.element.hidden = true;
    this.say(sentence, "failed");
  }

  private say(sentence: string, kind: string): void {
    this.note.className = `panel-note is-${kind}`;
    this.note.hidden = false;
    this.element.dataset["state"] = kind;
    fill(this.note, h("p", {}, sentence));
  }
}
