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

test("the table holds every unit with every number of decimals that our dashboards have", () => {
  const texts = Object.values(import.meta.glob<string>("../../monitoring/grafana/dashboards/*.json", { query: "?raw", import: "default", eager: true }));
  const known = new Set(table.values.map(([unit, decimals]) => `${unit} ${decimals}`));
  const used = texts.flatMap((text) => [...text.matchAll(/"defaults":(\{.*?\}),"overrides"/g)].map(([, defaults]) => {
    const { unit = "none", decimals = null } = JSON.parse(defaults ?? "{}") as { unit?: string; decimals?: number | null };
    return `${unit} ${decimals}`;
  }));
  expect(texts.length).toBe(13);
  expect(used.length).toBeGreaterThan(300);
  expect([...new Set(used)].filter((each) => !known.has(each))).toEqual([]);
});

test("the time between two points is Grafana's", () => {
  for (const [range, points, interval] of table.intervals) expect(rounded((range ?? 0) / (points ?? 1))).toBe(interval);
});

test("a unit that is not known stands behind the number", () => {
  expect(formatted(12.5, "trades/h", 1)).toBe("12.5 trades/h");
});
