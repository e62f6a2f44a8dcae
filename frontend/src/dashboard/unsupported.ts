/** What of a panel is not drawn as its author wanted, in words: a part of a picture must not pass for the whole. */

import type { Panel, Variable } from "./model";
import subset from "./subset.json";

type Known = ReadonlySet<string>;

const [KINDS, TRANSFORMATIONS, CALCULATIONS, MAPPINGS, MATCHERS, VARIABLES] = (
  ["panels", "transformations", "calculations", "mappings", "matchers", "variables"] as const
).map((name): ReadonlySet<string> => new Set(subset[name])) as [Known, Known, Known, Known, Known, Known];

/** A sentence for each thing that is not supported, so that the panel is not drawn. */
export function unsupported(panel: Panel): readonly string[] {
  if (!KINDS.has(panel.type)) return [`Panels of the type “${panel.type}” are not drawn here.`];
  return [...parts(panel)];
}

function* parts(panel: Panel): Generator<string> {
  for (const { id, disabled } of panel.transformations ?? []) {
    if (!disabled && !TRANSFORMATIONS.has(id)) yield `The transformation “${id}” is not supported here.`;
  }
  for (const calculation of panel.options?.reduceOptions?.calcs ?? []) {
    if (!CALCULATIONS.has(calculation)) yield `The calculation “${calculation}” is not supported here.`;
  }
  if (panel.options?.reduceOptions?.values) yield "Showing all values instead of a calculated one is not supported here.";
  for (const { type } of panel.fieldConfig?.defaults?.mappings ?? []) {
    if (!MAPPINGS.has(type ?? "")) yield `Value mappings of the type “${type ?? ""}” are not supported here.`;
  }
  for (const { matcher } of panel.fieldConfig?.overrides ?? []) {
    if (!MATCHERS.has(matcher?.id ?? "")) yield `Overrides that match “${matcher?.id ?? ""}” are not supported here.`;
  }
  if (panel.repeat) yield "Repeated panels are not supported here.";
  if (panel.type === "heatmap" && panel.options?.["calculate"] === true) yield "Heat maps that calculate their own buckets are not supported here.";
}

/** The same for a variable. */
export function unsupportedVariable(variable: Variable): string | null {
  return VARIABLES.has(variable.type) ? null : `The variable “${variable.name}” is of the type “${variable.type}”, which is not supported here.`;
}
