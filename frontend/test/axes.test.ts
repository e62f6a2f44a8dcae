import { describe, expect, test } from "vitest";
import { ticked } from "../src/panels/axes";

describe("numbers beside an axis", () => {
  test.each([
    ["currencyUSD", 50, [12_600, 12_650, 12_700], ["$12.6K", "$12.65K", "$12.7K"]],
    ["currencyUSD", 200, [12_600, 12_800, 13_000], ["$12.6K", "$12.8K", "$13K"]],
    ["none", 20_000, [0, 20_000, 40_000], ["0", "20000", "40000"]],
    ["percentunit", 0.005, [0.5, 0.505, 0.51], ["50%", "50.5%", "51%"]],
    ["bytes", 5e7, [0, 5e7, 1e8], ["0 B", "48 MiB", "95 MiB"]],
    ["s", 0.03, [0.03, 0.06], ["30 ms", "60 ms"]],
    ["short", 0.005, [0, 0.005, 0.01], ["0", "0.005", "0.01"]],
  ])("in %s, %d apart, differ and say no more than they must", (unit, apart, values, texts) => {
    expect(values.map((value) => ticked(value, { unit }, apart))).toEqual(texts);
  });
});
