/** The time between two points of a line, and what queries are told of it, as Grafana does. */

/** Up to which milliseconds between two points which round interval is taken. */
const ROUND: readonly (readonly [below: number, interval: number])[] = [
  [10, 1], [15, 10], [35, 20], [75, 50], [150, 100], [350, 200], [750, 500], [1500, 1000], [3500, 2000],
  [7500, 5000], [12_500, 10_000], [17_500, 15_000], [25_000, 20_000], [45_000, 30_000], [90_000, 60_000],
  [210_000, 120_000], [450_000, 300_000], [750_000, 600_000], [1_050_000, 900_000], [1_500_000, 1_200_000],
  [2_700_000, 1_800_000], [5_400_000, 3_600_000], [9_000_000, 7_200_000], [16_200_000, 10_800_000],
  [32_400_000, 21_600_000], [86_400_000, 43_200_000], [604_800_000, 86_400_000],
  [1_814_400_000, 604_800_000], [3_628_800_000, 2_592_000_000],
];
const YEAR = 31_536_000_000;
const MOST_POINTS = 11_000;
/** What Prometheus refuses to exceed in one answer. */

/** The round interval next to some milliseconds. */
export function rounded(milliseconds: number): number {
  return ROUND.find(([below]) => milliseconds < below)?.[1] ?? YEAR;
}

/** Milliseconds between two points when a range is drawn with so many of them, never less than `least`. */
export function interval(range: number, points: number, least: number): number {
  const safe = Math.ceil(range / MOST_POINTS / 1000) * 1000;
  return Math.max(rounded(range / Math.max(1, points)), least, range / MOST_POINTS > least ? safe : 0);
}

/** Milliseconds over which a rate is computed, so that it always sees several scrapes. */
export function rateInterval(step: number, scrape: number): number {
  return Math.max(step + scrape, 4 * scrape);
}

/** Milliseconds as Prometheus writes them. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)}ms`;
  const seconds = Math.round(milliseconds / 1000);
  for (const [unit, size] of [["d", 86_400], ["h", 3600], ["m", 60]] as const) {
    if (seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}

/** A duration as Prometheus writes it, in milliseconds; null for what is none. */
export function milliseconds(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w|y)$/.exec(text);
  const sizes: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5, y: YEAR };
  return found ? Number(found[1]) * (sizes[found[2] ?? ""] ?? 0) : null;
}

/** What `$__interval` and its kin stand for in a query. */
export function macros(range: number, step: number, scrape: number): Readonly<Record<string, string>> {
  const seconds = Math.round(range / 1000);
  return {
    __interval: duration(step),
    __interval_ms: String(step),
    __rate_interval: duration(rateInterval(step, scrape)),
    __rate_interval_ms: String(rateInterval(step, scrape)),
    __range: `${seconds}s`,
    __range_s: String(seconds),
    __range_ms: String(range),
  };
}
