/** What a reader chose on a dashboard, kept in its address, so that a link shows the same. */

import type { RawRange } from "../time/range";
import type { Dashboard } from "./model";

export interface Chosen {
  readonly range: RawRange;
  readonly refresh: string;
  readonly variables: Readonly<Record<string, readonly string[]>>;
  readonly panel: number | null;
  /** Annotations that were switched from what the dashboard says. */
  readonly switched: readonly string[];
}

export const ALL = "$__all";

/** What an address says, else what the dashboard says. */
export function read(parameters: URLSearchParams, dashboard: Dashboard): Chosen {
  const variables: Record<string, string[]> = {};
  for (const [key, value] of parameters) {
    if (key.startsWith("var-")) (variables[key.slice(4)] ??= []).push(value === "All" ? ALL : value);
  }
  const panel = Number(parameters.get("viewPanel")?.replace(/^panel-/, ""));
  return {
    range: { from: parameters.get("from") ?? dashboard.time?.from ?? "now-6h", to: parameters.get("to") ?? dashboard.time?.to ?? "now" },
    refresh: parameters.get("refresh") ?? (dashboard.refresh || ""),
    variables, panel: parameters.has("viewPanel") && Number.isFinite(panel) ? panel : null,
    switched: parameters.getAll("mark"),
  };
}

/** The parameters of an address that say it. */
export function written(chosen: Chosen, dashboard: Dashboard): URLSearchParams {
  const parameters = new URLSearchParams();
  if (chosen.range.from !== dashboard.time?.from || chosen.range.to !== dashboard.time?.to) {
    parameters.set("from", chosen.range.from);
    parameters.set("to", chosen.range.to);
  }
  if (chosen.refresh !== (dashboard.refresh || "")) parameters.set("refresh", chosen.refresh);
  for (const [name, values] of Object.entries(chosen.variables)) for (const value of values) parameters.append(`var-${name}`, value);
  for (const name of chosen.switched) parameters.append("mark", name);
  if (chosen.panel !== null) parameters.set("viewPanel", String(chosen.panel));
  return parameters;
}
