/** What every kind of panel gives: an element that is drawn again with every answer. */

import type { Answer } from "../dashboard/answers";
import type { Panel } from "../dashboard/model";
import type { Mark } from "../dashboard/annotations";
import type { Choices } from "../variables/interpolate";

/** What a drawing may know and do beside its data. */
export interface Surroundings {
  readonly choices: () => Choices;
  readonly marks: () => readonly Mark[];
  /** Look at a part of the time, or with null at twice as much. */
  readonly zoom: (part: { readonly from: number; readonly to: number } | null) => void;
}

export interface Drawing {
  readonly element: HTMLElement;
  /** Draw an answer; returns a sentence when there is nothing to draw. */
  draw(answer: Answer): string | null;
  resize(): void;
  dispose(): void;
}

export type Draw = (panel: Panel, surroundings: Surroundings) => Drawing;

/** A drawing of plain elements, which the browser lays out itself. */
export function plain(element: HTMLElement, draw: (answer: Answer) => string | null): Drawing {
  return { element, draw, resize: () => undefined, dispose: () => undefined };
}
