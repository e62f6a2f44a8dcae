// What Grafana's own package makes of numbers and intervals: the table that the tests compare ours with.
// `npm install && npm run values` in this folder; then read the difference.
import { createRequire } from "node:module";

globalThis.navigator ??= { language: "en-US", languages: ["en-US"] };
const { getValueFormat, formattedValueToString, rangeUtil } = createRequire(import.meta.url)("@grafana/data");

const UNITS = ["none", "short", "percent", "percentunit", "s", "ms", "locale", "currencyUSD", "currencyEUR", "hertz", "bytes", "decbytes", "currencyGBP", "ops", "cps"];
const NUMBERS = [
  0, 1, -1, 2, 0.5, -1.5, 0.1, 0.25, 0.999, 0.0049, 0.00123, -0.00056, 1e-7, 3.5e-10, 9.995, 12.345, 22.49, 59.9, 60, 61, 99.95, 100, 226,
  999, 999.99, 1000, 1023, 1024, -1234.5, 1536, 3599, 3600, 5400, 9999.5, 12000, 86399, 86400, 100000, 604800, 1048576, 1234567.891, 31535999, 31536000,
  -98765432.1, 1e9, 123456789.123, 7.5e12, 1e15, 1e21, 0.30000000000000004, 1.005, 2.675,
];
const DECIMALS = [undefined, 0, 1, 2, 3, 4, 5];

const rows = UNITS.flatMap((unit) => DECIMALS.flatMap((decimals) => NUMBERS.map((value) =>
  [unit, decimals ?? null, value, formattedValueToString(getValueFormat(unit)(value, decimals))])));
const intervals = [3e5, 9e5, 36e5, 108e5, 216e5, 864e5, 2 * 864e5, 7 * 864e5, 30 * 864e5, 90 * 864e5, 365 * 864e5].flatMap((range) =>
  [100, 317, 640, 1200].map((points) => [range, points, rangeUtil.roundInterval(range / points)]));
process.stdout.write(`{"values":[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n],"intervals":[\n${intervals.map((row) => JSON.stringify(row)).join(",\n")}\n]}\n`);
