/** Moments that a dashboard marks on its lines. */

import type { Prometheus } from "../api/prometheus";
import { interval, macros, milliseconds } from "../time/interval";
import type { Range } from "../time/range";
import { query, type Choices } from "../variables/interpolate";
import type { Annotation } from "./model";

/** A time at which something was so; `until` is the same for a moment. */
export interface Mark {
  readonly from: number;
  readonly until: number;
  readonly colour: string;
  readonly title: string;
  readonly text: string;
}

const POINTS = 1000;

/** The marks of an annotation within a range: points next to each other are one. */
export async function marksOf(annotation: Annotation, prometheus: Prometheus, range: Range, choices: Choices, scrape: number): Promise<readonly Mark[]> {
  const least = Math.max(milliseconds(annotation.step ?? "") ?? scrape, 1000);
  const step = interval(range.to - range.from, POINTS, least);
  const expression = query(annotation.expr ?? "", choices, macros(range.to - range.from, step, scrape));
  const found = await prometheus.over(expression, range, step);
  return found.flatMap(({ labels, points }) => joined(points.filter(([, value]) => value !== 0 && !Number.isNaN(value)).map(([at]) => at), step).map(([from, until]) => ({
    from, until, colour: annotation.iconColor ?? "blue",
    title: filled(annotation.titleFormat || annotation.name || "", labels),
    text: filled(annotation.textFormat ?? "", labels),
  })));
}

const filled = (format: string, labels: Readonly<Record<string, string>>): string =>
  format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? "");

function joined(moments: readonly number[], step: number): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const at of moments) {
    const last = found.at(-1);
    if (last && at - last[1] <= step) last[1] = at;
    else found.push([at, at]);
  }
  return found;
}
