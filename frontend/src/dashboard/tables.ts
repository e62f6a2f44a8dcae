/** Series as a table, as Grafana's transformations merge, organize and groupingToMatrix make it. */

import type { FieldOptions, Panel, Transformation } from "./model";
import { fieldOf } from "./fields";
import type { Named } from "./answers";

export type Cell = string | number | null;

export interface Column {
  readonly name: string;
  /** The name before it was renamed. */
  readonly source: string;
  readonly isNumber: boolean;
  readonly field: FieldOptions;
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

type Records = readonly ReadonlyMap<string, Cell>[];

/** The table that a panel makes of what its queries found. */
export function tableOf(panel: Panel, series: readonly Named[]): Table {
  const refs = [...new Set(series.map(({ refId }) => refId))];
  const isSingle = (panel.targets?.filter(({ hide }) => !hide).length ?? refs.length) <= 1;
  const frames = refs.map((refId) => frame(series.filter((each) => each.refId === refId), isSingle ? "Value" : `Value #${refId}`));
  const matrix = (panel.transformations ?? []).find(({ id, disabled }) => id === "groupingToMatrix" && !disabled);
  if (matrix) return asMatrix(frames[0] ?? [], panel, matrix);
  const merges = (panel.transformations ?? []).some(({ id, disabled }) => id === "merge" && !disabled);
  const records = merges ? merged(frames) : (frames[0] ?? []);
  return organized(records, panel);
}

/** A record for each series: its moment, its labels, its newest value. */
function frame(series: readonly Named[], valueName: string): Records {
  return series.map(({ labels, points }) => {
    const [at, value] = points.at(-1) ?? [null, null];
    return new Map<string, Cell>([["Time", at], ...Object.entries(labels), [valueName, value]]);
  });
}

const isValue = (name: string): boolean => name === "Value" || name.startsWith("Value #");

/** Records of several queries that agree in everything but their values are one. */
function merged(frames: readonly Records[]): Records {
  const found = new Map<string, Map<string, Cell>>();
  const shared = frames.map((frame) => new Set(frame.flatMap((record) => [...record.keys()]))).reduce<Set<string> | null>(
    (known, names) => (known === null ? names : new Set([...known].filter((each) => names.has(each)))), null) ?? new Set<string>();
  for (const record of frames.flat()) {
    const key = JSON.stringify([...record].filter(([name]) => shared.has(name) && !isValue(name) && name !== "Time" && name !== "__name__").sort());
    const known = found.get(key);
    if (known && ![...record.keys()].some((name) => isValue(name) && known.has(name))) for (const [name, value] of record) known.set(name, value);
    else found.set(known ? key + String(found.size) : key, new Map(record));
  }
  return [...found.values()];
}

function names(records: Records): readonly string[] {
  const all = [...new Set(records.flatMap((record) => [...record.keys()]))];
  return [...all.filter((name) => !isValue(name)), ...all.filter(isValue)];
}

function organized(records: Records, panel: Panel): Table {
  const options = (panel.transformations ?? []).find(({ id, disabled }) => id === "organize" && !disabled)?.options ?? {};
  const hidden = (options["excludeByName"] ?? {}) as Readonly<Record<string, boolean>>;
  const order = (options["indexByName"] ?? {}) as Readonly<Record<string, number>>;
  const renamed = (options["renameByName"] ?? {}) as Readonly<Record<string, string>>;
  const kept = names(records).filter((name) => !hidden[name]);
  const sorted = Object.keys(order).length ? [...kept].sort((a, b) => (order[a] ?? 999) - (order[b] ?? 999)) : kept;
  const columns = sorted.map((source) => column(panel, renamed[source] || source, source, records));
  return { columns, rows: records.map((record) => sorted.map((name) => record.get(name) ?? null)) };
}

function column(panel: Panel, name: string, source: string, records: Records): Column {
  return { name, source, isNumber: records.some((record) => typeof record.get(source) === "number"), field: fieldOf(panel, name) };
}

/** A row for each value of one label, a column for each of another. */
function asMatrix(records: Records, panel: Panel, { options = {} }: Transformation): Table {
  const [rowField, columnField, valueField] = ["rowField", "columnField", "valueField"].map((each) => String(options[each] ?? ""));
  const at = (record: ReadonlyMap<string, Cell>, name: string | undefined): string => String(record.get(name ?? "") ?? "");
  const across = [...new Set(records.map((each) => at(each, columnField)))];
  const down = [...new Set(records.map((each) => at(each, rowField)))];
  const values = new Map(records.map((each) => [JSON.stringify([at(each, rowField), at(each, columnField)]), each.get(valueField ?? "") ?? null]));
  const corner = `${rowField ?? ""}\\${columnField ?? ""}`;
  const columns: Column[] = [{ name: corner, source: corner, isNumber: false, field: {} }];
  for (const name of across) columns.push({ name, source: name, isNumber: true, field: fieldOf(panel, name) });
  return { columns, rows: down.map((row) => [row, ...across.map((name) => values.get(JSON.stringify([row, name])) ?? null)]) };
}
