/** Panels in parts: a row begins a part, which can be folded away. */

import type { Panel } from "./model";

export interface Part {
  readonly title: string | null;
  readonly isFolded: boolean;
  readonly panels: readonly Panel[];
}

const top = (panel: Panel): number => panel.gridPos?.y ?? 0;

/** The parts in reading order; before the first row there is one without a title. */
export function parts(panels: readonly Panel[]): readonly Part[] {
  const ordered = [...panels].sort((one, other) => top(one) - top(other) || (one.gridPos?.x ?? 0) - (other.gridPos?.x ?? 0));
  const found: { title: string | null; isFolded: boolean; panels: Panel[] }[] = [{ title: null, isFolded: false, panels: [] }];
  for (const panel of ordered) {
    if (panel.type === "row") found.push({ title: panel.title ?? "", isFolded: panel.collapsed === true, panels: [...(panel.panels ?? [])] });
    else found.at(-1)?.panels.push(panel);
  }
  return found.filter(({ title, panels: own }) => title !== null || own.length > 0);
}

/** Where a panel stands within its part, counted from 1 as CSS does. */
export function position(panel: Panel, part: Part): Readonly<Record<string, string>> {
  const { x = 0, y = 0, w = 12, h = 8 } = panel.gridPos ?? {};
  const first = Math.min(...part.panels.map(top));
  return { "--column": String(x + 1), "--row": String(y - first + 1), "--width": String(w), "--height": String(h) };
}
