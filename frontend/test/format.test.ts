import { expect, test } from "vitest";
import { formatted } from "../src/format/units";
import { rounded } from "../src/time/interval";
import table from "./grafana-values.json";

test("a number in a unit is written as Grafana's own package writes it", () => {
  const different = table.values.flatMap(([unit, decimals, value, text]) => {
    const ours = formatted(value as number, unit as string, (decimals as number | null) ?? undefined);
    return ours === text ? [] : [{ unit, decimals, value, grafana: text, ours }];
  });
  expect(different).toEqual([]);
  expect(table.values.length).toBeGreaterThan(3000);
});

test("the time between two points is Grafana's", () => {
  for (const [range, points, interval] of table.intervals) expect(rounded((range ?? 0) / (points ?? 1))).toBe(interval);
});

test("a unit that is not known stands behind the number", () => {
  expect(formatted(12.5, "trades/h", 1)).toBe("12.5 trades/h");
});
