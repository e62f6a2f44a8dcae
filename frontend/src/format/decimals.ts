/** How many decimals a number is shown with, by Grafana's rules. */

/** The decimals that tell a number of about two significant digits from its neighbours; 0 for whole numbers. */
export function decimalsFor(value: number): number {
  if (value % 1 === 0) return 0;
  const size = Math.abs(value);
  const places = 1 - Math.floor(Math.log(size) / Math.LN10);
  const leading = size / Math.pow(10, -places);
  return Math.max(0, leading > 2.25 ? places + 1 : places);
}

/** A number with so many decimals, half rounded up; without a number of them, as many as it needs. */
export function fixed(value: number, decimals?: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value.toLocaleString();
  const places = decimals ?? decimalsFor(value);
  if (value === 0) return value.toFixed(places);
  const factor = places ? Math.pow(10, Math.max(0, places)) : 1;
  const text = String(Math.round(value * factor) / factor);
  if (text.includes("e")) return text;
  const point = text.indexOf(".");
  const have = point === -1 ? 0 : text.length - point - 1;
  return have < places ? (have ? text : `${text}.`) + "0".repeat(places - have) : text;
}
