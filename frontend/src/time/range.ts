/** Spans of time as Grafana writes them: `now-6h`, `now/d`, or a moment. */

/** Milliseconds since 1970; `raw` is what a person chose, so that it moves on with the clock. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly raw: RawRange;
}

export interface RawRange {
  readonly from: string;
  readonly to: string;
}

/** What can be chosen with one click. */
export const QUICK: readonly (readonly [from: string, to: string, name: string])[] = [
  ["now-15m", "now", "Last 15 minutes"],
  ["now-1h", "now", "Last hour"],
  ["now-3h", "now", "Last 3 hours"],
  ["now-6h", "now", "Last 6 hours"],
  ["now-12h", "now", "Last 12 hours"],
  ["now-24h", "now", "Last 24 hours"],
  ["now-2d", "now", "Last 2 days"],
  ["now-7d", "now", "Last 7 days"],
  ["now-30d", "now", "Last 30 days"],
  ["now-90d", "now", "Last 90 days"],
  ["now/d", "now", "Today so far (UTC)"],
  ["now-1d/d", "now-1d/d", "Yesterday (UTC)"],
  ["now/w", "now", "This week so far (UTC)"],
  ["now/M", "now", "This month so far (UTC)"],
];

const UNITS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };

/** The moment that a text means at `now`; `isEnd` rounds up to the last millisecond. Null for what is none. */
export function moment(text: string, now: number, isEnd = false): number | null {
  const words = text.trim();
  if (/^\d{10,}$/.test(words)) return words.length <= 10 ? Number(words) * 1000 : Number(words);
  const relative = /^now(?:([+-])(\d+)([smhdwMy]))?(?:\/([mhdwMy]))?$/.exec(words);
  if (!relative) {
    const read = Date.parse(/[zZ]$|[+-]\d\d:?\d\d$/.test(words) || !/\d:\d/.test(words) ? words : `${words.replace(" ", "T")}Z`);
    return Number.isNaN(read) ? null : read;
  }
  const [, sign, count, unit, rounding] = relative;
  const shifted = unit ? moved(now, (sign === "-" ? -1 : 1) * Number(count), unit) : now;
  return rounding ? rounded(shifted, rounding, isEnd) : shifted;
}

function moved(at: number, count: number, unit: string): number {
  const size = UNITS[unit];
  if (size !== undefined) return at + count * size;
  const date = new Date(at);
  date.setUTCMonth(date.getUTCMonth() + count * (unit === "y" ? 12 : 1));
  return date.getTime();
}

function rounded(at: number, unit: string, isEnd: boolean): number {
  const date = new Date(at);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const size = UNITS[unit];
  let start: number;
  if (unit === "y") start = Date.UTC(year, 0);
  else if (unit === "M") start = Date.UTC(year, month);
  else if (unit === "w") start = Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7));
  else start = Math.floor(at / (size ?? 1)) * (size ?? 1);
  return isEnd ? moved(start, 1, unit) - 1 : start;
}

/** The range at `now`; null where either end is not understood or the end is not after the beginning. */
export function resolved(raw: RawRange, now: number): Range | null {
  const from = moment(raw.from, now);
  const to = moment(raw.to, now, true);
  return from === null || to === null || to <= from ? null : { from, to, raw };
}

/** A range in words. */
export function described(raw: RawRange): string {
  const quick = QUICK.find(([from, to]) => from === raw.from && to === raw.to);
  if (quick) return quick[2];
  const last = /^now-(\d+)([smhdwMy])$/.exec(raw.from);
  if (last && raw.to === "now") return `Last ${last[1] ?? ""} ${NAMES[last[2] ?? ""] ?? ""}`;
  return `${written(raw.from)} – ${written(raw.to)}`;
}

const NAMES: Readonly<Record<string, string>> = {
  s: "seconds", m: "minutes", h: "hours", d: "days", w: "weeks", M: "months", y: "years",
};

function written(text: string): string {
  return /^\d{11,}$/.test(text) ? utc(Number(text), false) : text;
}

/** `2026-11-21 11:40:05`, UTC. */
export function utc(at: number, withSeconds = true): string {
  return new Date(at).toISOString().slice(0, withSeconds ? 19 : 16).replace("T", " ");
}

/** How long ago something was, in its two largest parts. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return hours % 24 ? `${Math.floor(hours / 24)} d ${hours % 24} h` : `${Math.floor(hours / 24)} d`;
}
