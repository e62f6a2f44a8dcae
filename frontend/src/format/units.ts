/** Numbers as text in a unit, equal to what Grafana shows for the same unit and decimals. */

import { fixed } from "./decimals";

/** What is shown of a number: the unit's sign before or behind it is set apart, so that it can be drawn smaller. */
export interface Shown {
  readonly prefix: string;
  readonly text: string;
  readonly suffix: string;
}

type Formatter = (value: number, decimals?: number) => Shown;

const plain = (text: string, suffix = "", prefix = ""): Shown => ({ prefix, text, suffix });

function scaled(factor: number, names: readonly string[], offset = 0): Formatter {
  return (value, decimals) => {
    if (!Number.isFinite(value)) return plain(value.toLocaleString());
    const power = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)) / Math.log10(factor));
    const name = names[clamp(offset + power, 0, names.length - 1)] ?? "";
    return plain(fixed(value / factor ** clamp(power, -offset, names.length - offset - 1), decimals), name);
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

const SHORT = ["", " K", " Mil", " Bil", " Tri", " Quadr", " Quint", " Sext", " Sept"];
const MONEY = ["", "K", "M", "B", "T"];
const DECIMAL = ["f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E", "Z", "Y"];
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];

const decimalPrefix = (unit: string): Formatter => scaled(1000, DECIMAL.map((each) => ` ${each}${unit}`), DECIMAL.indexOf(""));
const binaryPrefix = (unit: string): Formatter => scaled(1024, BINARY.map((each) => ` ${each}${unit}`));
const counted = (unit: string): Formatter => (value, decimals) => plain(fixed(value, decimals), unit ? ` ${unit}` : "");

function currency(symbol: string, isBehind = false): Formatter {
  const scale = scaled(1000, MONEY);
  return (value, decimals) => {
    const shown = scale(Math.abs(value), decimals);
    const sign = value < 0 ? "-" : "";
    return isBehind ? { ...shown, prefix: sign, suffix: shown.suffix + symbol } : { ...shown, prefix: sign + symbol };
  };
}

/** Below which size which part of it is counted, and its name; plural beyond 1 where it has one. */
type Span = readonly [below: number, count: (value: number) => number, name: string, hasPlural: boolean];

const SECONDS: readonly Span[] = [
  [1e-6, (value) => value * 1e9, " ns", false],
  [1e-3, (value) => value * 1e6, " µs", false],
  [1, (value) => value * 1e3, " ms", false],
  [60, (value) => value, " s", false],
  [3600, (value) => value / 60, " min", true],
  [86_400, (value) => value / 3600, " hour", true],
  [604_800, (value) => value / 86_400, " day", true],
  [31_536_000, (value) => value / 604_800, " week", true],
  [Infinity, (value) => value / 31_556_900, " year", true],
];

const MILLISECONDS: readonly Span[] = [
  [1e3, (value) => value, " ms", false],
  [6e4, (value) => value / 1e3, " s", false],
  [36e5, (value) => value / 6e4, " min", true],
  [864e5, (value) => value / 36e5, " hour", true],
  [31_536e6, (value) => value / 864e5, " day", true],
  [Infinity, (value) => value / 31_536e6, " year", true],
];

function lasting(spans: readonly Span[], value: number, decimals?: number): Shown {
  const [, count, name, hasPlural] = spans.find(([below]) => Math.abs(value) < below) ?? (spans.at(-1) as Span);
  const counted = count(value);
  return plain(fixed(counted, decimals), hasPlural && Math.abs(counted) > 1 ? `${name}s` : name);
}

const seconds: Formatter = (value, decimals) => (value === 0 ? plain("0", " s") : lasting(SECONDS, value, decimals));

function grouped(value: number, decimals?: number): Shown {
  return plain(value.toLocaleString(undefined, decimals === undefined ? {} : { maximumFractionDigits: decimals }));
}

const percent = (factor: number): Formatter => (value, decimals) => plain(fixed(factor * value, decimals), "%");

const FORMATTERS: Readonly<Record<string, Formatter>> = {
  none: counted(""),
  short: scaled(1000, SHORT),
  percent: percent(1),
  percentunit: percent(100),
  s: seconds,
  ms: (value, decimals) => lasting(MILLISECONDS, value, decimals),
  locale: grouped,
  currencyUSD: currency("$"),
  currencyEUR: currency("€"),
  currencyGBP: currency("£"),
  hertz: decimalPrefix("Hz"),
  bytes: binaryPrefix("B"),
  decbytes: decimalPrefix("B"),
  ops: scaled(1000, MONEY.map((each) => `${each} ops/s`)),
  cps: scaled(1000, MONEY.map((each) => `${each} c/s`)),
};

/** The units that are drawn as Grafana draws them; any other is shown behind the number. */
export const UNITS: readonly string[] = Object.keys(FORMATTERS);

/** A finite number in its unit; without decimals as many as it needs. */
export function shown(value: number, unit: string, decimals?: number): Shown {
  return (FORMATTERS[unit] ?? counted(unit))(value, decimals);
}

/** The same in one piece. */
export function formatted(value: number, unit: string, decimals?: number): string {
  const { prefix, text, suffix } = shown(value, unit, decimals);
  return prefix + text + suffix;
}

/** An amount of money as a column of them is read: always two decimals. */
export function cents(amount: number): string {
  return amount.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
