import { describe, expect, test } from "vitest";
import { duration, interval, macros, milliseconds, rateInterval } from "../src/time/interval";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("the interval", () => {
  test("is never shorter than that of the scrapes", () => {
    expect(interval(HOUR, 1000, MINUTE)).toBe(MINUTE);
  });
  test("never asks for more than 11,000 points", () => {
    expect((365 * 24 * HOUR) / interval(365 * 24 * HOUR, 1e6, 1000)).toBeLessThanOrEqual(11_000);
  });
});

test("$__rate_interval sees four scrapes at least, and always one more than a step", () => {
  expect(rateInterval(MINUTE, MINUTE)).toBe(4 * MINUTE);
  expect(rateInterval(HOUR, MINUTE)).toBe(HOUR + MINUTE);
});

test.each([[15_000, "15s"], [60_000, "1m"], [240_000, "4m"], [3_660_000, "61m"], [86_400_000, "1d"], [500, "500ms"], [90_000, "90s"]])("%d ms are written %s", (given, text) => {
  expect(duration(given)).toBe(text);
  expect(milliseconds(text)).toBe(given);
});

test("a query is told of the range and the intervals", () => {
  expect(macros(24 * HOUR, 2 * MINUTE, MINUTE)).toMatchObject({ __range: "86400s", __range_s: "86400", __interval: "2m", __rate_interval: "4m", __interval_ms: "120000" });
});

test("what is no duration is none", () => {
  expect(milliseconds("soon")).toBeNull();
});
