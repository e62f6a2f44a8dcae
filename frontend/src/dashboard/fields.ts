/** How the values of one series become text and colour: options, overrides, mappings, thresholds. */

import { colourNamed } from "../format/colour";
import { formatted, shown, type Shown } from "../format/units";
import type { FieldOptions, Mapping, Override, Panel, Step } from "./model";

/** A value as it is drawn; `colour` is null where neither mapping nor threshold gives one. */
export interface Display {
  readonly shown: Shown;
  readonly text: string;
  readonly colour: string | null;
  readonly isMapped: boolean;
}

/** The options of a series of that name: the defaults, and what overrides say of it. */
export function fieldOf(panel: Panel, name: string, refId?: string): FieldOptions {
  const field = panel.fieldConfig?.defaults ?? {};
  return (panel.fieldConfig?.overrides ?? []).filter((each) => matches(each, name, refId)).reduce(withProperties, field);
}

function matches({ matcher }: Override, name: string, refId?: string): boolean {
  if (matcher?.id === "byFrameRefID") return refId !== undefined && matcher.options === refId;
  if (matcher?.id === "byRegexp") return pattern(String(matcher.options))?.test(name) ?? false;
  return matcher?.id === "byName" && matcher.options === name;
}

function pattern(text: string): RegExp | null {
  const framed = /^\/(.*)\/([a-z]*)$/s.exec(text);
  try {
    return framed ? new RegExp(framed[1] ?? "", framed[2]) : new RegExp(`^${text}$`);
  } catch {
    return null;
  }
}

function withProperties(field: FieldOptions, { properties = [] }: Override): FieldOptions {
  return properties.reduce<FieldOptions>((known, { id, value }) => {
    const custom = /^custom\.(.+)$/.exec(id)?.[1];
    return custom ? { ...known, custom: { ...known.custom, [custom]: value } } : { ...known, [id]: value };
  }, field);
}

interface Meaning {
  readonly text?: string;
  readonly color?: string;
}

/** What a mapping says of a value; null where none does. The last step of a range counts in it. */
export function mapped(mappings: readonly Mapping[], value: number | string | null): Meaning | null {
  for (const { type, options } of mappings) {
    const meaning = meaningOf(type, options as Readonly<Record<string, unknown>>, value);
    if (meaning) return meaning;
  }
  return null;
}

function meaningOf(type: string | undefined, options: Readonly<Record<string, unknown>>, value: number | string | null): Meaning | null {
  const result = options["result"] as Meaning | undefined;
  if (type === "value") return value === null ? null : ((options[String(value)] as Meaning | undefined) ?? null);
  if (type === "range") {
    const number = Number(value);
    const [from, to] = [options["from"] ?? -Infinity, options["to"] ?? Infinity].map(Number) as [number, number];
    return value !== null && number >= from && number <= to ? (result ?? null) : null;
  }
  if (type === "regex") return pattern(String(options["pattern"]))?.test(String(value)) ? (result ?? null) : null;
  const isEmpty = value === null || (typeof value === "number" && Number.isNaN(value));
  const special = String(options["match"]);
  return (special.startsWith("null") && isEmpty) || (special === "nan" && isEmpty) ? (result ?? null) : null;
}

/** The steps of thresholds with numbers: `from` −∞ is the lowest; percent becomes a part of the range. */
export function steps(field: FieldOptions): readonly { readonly from: number; readonly color: string }[] {
  const found: readonly Step[] = field.thresholds?.steps ?? [];
  const [low, high] = [field.min ?? 0, field.max ?? 100];
  const isPercent = field.thresholds?.mode === "percentage";
  return found.map(({ value, color }) => ({
    from: value === null || value === undefined ? -Infinity : isPercent ? low + ((high - low) * value) / 100 : value,
    color,
  }));
}

/** The colour of the last threshold that a value reaches, as it is named; null without thresholds. */
export function thresholdColour(field: FieldOptions, value: number): string | null {
  return steps(field).filter(({ from }) => value >= from).at(-1)?.color ?? null;
}

/** A value as this field draws it; null and what is no number is drawn as `noValue`. */
export function display(field: FieldOptions, value: number | null): Display {
  const meaning = mapped(field.mappings ?? [], value);
  if (meaning?.text !== undefined) {
    return { shown: { prefix: "", text: meaning.text, suffix: "" }, text: meaning.text, colour: meaning.color ?? colourOf(field, value), isMapped: true };
  }
  if (value === null || Number.isNaN(value)) {
    const text = field.noValue ?? "–";
    return { shown: { prefix: "", text, suffix: "" }, text, colour: meaning?.color ?? null, isMapped: false };
  }
  const parts = shown(value, field.unit ?? "none", field.decimals ?? undefined);
  return { shown: parts, text: parts.prefix + parts.text + parts.suffix, colour: meaning?.color ?? colourOf(field, value), isMapped: false };
}

function colourOf(field: FieldOptions, value: number | null): string | null {
  if (field.color?.mode === "fixed") return field.color.fixedColor ?? null;
  if (value === null || (field.color?.mode ?? "thresholds") !== "thresholds") return null;
  const found = thresholdColour(field, value);
  return found === "text" ? null : found;
}

/** A value as text alone. */
export function text(field: FieldOptions, value: number): string {
  return mapped(field.mappings ?? [], value)?.text ?? formatted(value, field.unit ?? "none", field.decimals ?? undefined);
}

/** A colour to paint with. */
export function paint(name: string | null, otherwise: string): string {
  return name === null ? otherwise : colourNamed(name, otherwise);
}
