import { describe, expect, test } from "vitest";
import { apart, nameOf, withGaps, type Named } from "../src/dashboard/answers";
import { CALCULATIONS, calculated } from "../src/dashboard/calculate";
import { display, fieldOf, thresholdColour } from "../src/dashboard/fields";
import { parts } from "../src/dashboard/layout";
import { tableOf } from "../src/dashboard/tables";
import subset from "../src/dashboard/subset.json";
import { unsupported, unsupportedVariable } from "../src/dashboard/unsupported";
import { UNITS } from "../src/format/units";
import { bucketsOf } from "../src/panels/histogram";
import { LOADERS } from "../src/panels/registry";
import { statesOf } from "../src/panels/statetimeline";
import { scaleOf } from "../src/panels/values";

describe("a value", () => {
  const thresholds = { mode: "absolute", steps: [{ value: null, color: "red" }, { value: 0, color: "green" }, { value: 10, color: "blue" }] };
  test.each([[-0.1, "red"], [0, "green"], [9.99, "green"], [10, "blue"]])("%d has the colour of the last threshold it reaches: %s", (value, colour) => {
    expect(thresholdColour({ thresholds }, value)).toBe(colour);
  });
  test("that is mapped is its text in its colour", () => {
    const mappings = [{ type: "value", options: { "1": { text: "running", color: "green" } } }];
    expect(display({ mappings, unit: "s" }, 1)).toMatchObject({ text: "running", colour: "green", isMapped: true });
    expect(display({ mappings, unit: "s" }, 2)).toMatchObject({ text: "2 s", isMapped: false });
  });
  test("a range maps both its ends, and null is mapped where it is asked for", () => {
    const mappings = [{ type: "range", options: { from: 1, to: 2, result: { text: "in" } } }, { type: "special", options: { match: "null", result: { text: "nothing" } } }];
    expect([1, 2, 2.1].map((value) => display({ mappings }, value).text)).toEqual(["in", "in", "2.10"]);
    expect(display({ mappings }, null).text).toBe("nothing");
  });
  test("that is missing is what the dashboard says of it", () => {
    expect(display({ noValue: "–" }, null).text).toBe("–");
  });
  test("an override by name counts for that series alone", () => {
    const panel = { type: "stat", fieldConfig: { defaults: { unit: "s" }, overrides: [{ matcher: { id: "byName", options: "a" }, properties: [{ id: "color", value: { mode: "fixed", fixedColor: "#123456" } }] }] } };
    expect(fieldOf(panel, "a").color?.fixedColor).toBe("#123456");
    expect(fieldOf(panel, "b").color).toBeUndefined();
  });
});

test("a gap is a null, so that no line crosses it, and infinity is none", () => {
  expect(withGaps([[0, 1], [60, 2], [300, 3], [360, Infinity]], 60)).toEqual([[0, 1], [60, 2], [120, null], [300, 3], [360, null]]);
});

test("a legend is filled in from labels; what is missing is empty", () => {
  expect(nameOf({ legendFormat: "{{ a }}-{{b}}" }, { a: "x" })).toBe("x-");
  expect(nameOf({ expr: "x" }, { __name__: "x", a: "1" })).toBe('x{a="1"}');
});

test("cumulative buckets become what fell into each", () => {
  const series = [["+Inf", 10], ["1", 2], ["5", 7]].map(([le, value]) => ({ labels: { le: String(le) }, points: [[0, Number(value)] as const] }));
  expect(apart(series).map(({ labels, points }) => [labels["le"], points[0]?.[1]])).toEqual([["1", 2], ["5", 5], ["+Inf", 3]]);
});

test("the newest value is the last that is a number", () => {
  expect(calculated("lastNotNull", [[0, 1], [1, 2], [2, NaN]])).toBe(2);
  expect(calculated("mean", [])).toBeNull();
});

const series = (name: string, refId: string, labels: Record<string, string>, value: number): Named => ({ name, refId, labels, points: [[1000, value]], field: {} });

describe("a table", () => {
  const organize = { id: "organize", options: { excludeByName: { Time: true, job: true }, renameByName: { "Value #A": "P&L", "Value #B": "Trades" }, indexByName: {} } };
  test("has a row for all queries that agree in their labels", () => {
    const panel = { type: "table", targets: [{ refId: "A" }, { refId: "B" }], transformations: [{ id: "merge" }, organize] };
    const { columns, rows } = tableOf(panel, [series("", "A", { job: "j", asset: "x" }, 1), series("", "A", { job: "j", asset: "y" }, 2), series("", "B", { job: "j", asset: "x" }, 3)]);
    expect(columns.map(({ name }) => name)).toEqual(["asset", "P&L", "Trades"]);
    expect(rows).toEqual([["x", 1, 3], ["y", 2, null]]);
  });
  test("can have one label down and another across", () => {
    const panel = { type: "table", targets: [{ refId: "A" }], transformations: [{ id: "groupingToMatrix", options: { rowField: "a", columnField: "b", valueField: "Value" } }] };
    const { columns, rows } = tableOf(panel, [series("", "A", { a: "1", b: "x" }, 5), series("", "A", { a: "2", b: "y" }, 6)]);
    expect(columns.map(({ name }) => name)).toEqual(["a\\b", "x", "y"]);
    expect(rows).toEqual([["1", 5, null], ["2", null, 6]]);
  });
});

test("a state lasts until the next point, and a gap ends it", () => {
  const states = statesOf({ ...series("a", "A", {}, 0), points: [[0, 1], [60, 1], [120, 2], [300, 2]] }, 0, { series: [], step: 60, range: { from: 0, to: 400, raw: { from: "", to: "" } } }, () => "#000000");
  expect(states.map(({ from, to, text }) => [from, to, text])).toEqual([[0, 120, "1"], [120, 180, "2"], [300, 360, "2"]]);
});

test("a row begins a part, and a folded one brings its panels along", () => {
  const found = parts([{ type: "stat", gridPos: { x: 0, y: 0, w: 4, h: 4 } }, { type: "row", title: "More", collapsed: true, gridPos: { x: 0, y: 4, w: 24, h: 1 }, panels: [{ type: "stat" }] }]);
  expect(found.map(({ title, isFolded, panels }) => [title, isFolded, panels.length])).toEqual([[null, false, 1], ["More", true, 1]]);
});

describe("what is declared as drawn", () => {
  test("is what can be drawn", () => {
    expect([...Object.keys(LOADERS), "row"].sort()).toEqual(subset.panels);
    expect(Object.keys(CALCULATIONS).sort()).toEqual(subset.calculations);
    expect([...UNITS].sort()).toEqual(subset.units);
  });
  test("is not refused", () => {
    for (const type of subset.panels) expect(unsupported({ type })).toEqual([]);
    for (const id of subset.transformations) expect(unsupported({ type: "table", transformations: [{ id }] })).toEqual([]);
    for (const type of subset.mappings) expect(unsupported({ type: "stat", fieldConfig: { defaults: { mappings: [{ type }] } } })).toEqual([]);
    for (const id of subset.matchers) expect(unsupported({ type: "stat", fieldConfig: { overrides: [{ matcher: { id } }] } })).toEqual([]);
    for (const type of subset.variables) expect(unsupportedVariable({ type, name: "x" })).toBeNull();
  });
});

test("what is not drawn is named", () => {
  expect(unsupported({ type: "geomap" })).toEqual(["Panels of the type “geomap” are not drawn here."]);
  expect(unsupported({ type: "table", transformations: [{ id: "joinByField" }] })[0]).toContain("joinByField");
  expect(unsupported({ type: "stat" })).toEqual([]);
});

test("buckets of a histogram hold every value once", () => {
  const buckets = bucketsOf([0, 0.5, 1, 2.5, -3, NaN], 1, 30);
  expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(5);
  expect(buckets[0]).toEqual({ from: -3, to: -2, count: 1 });
});

test("a scale holds zero and all values, and percentages end at 100", () => {
  const value = (number: number) => ({ name: "", value: number, display: display({}, number), field: {}, series: series("", "A", {}, number) });
  expect(scaleOf([value(-5), value(3)], {})).toEqual([-5, 3]);
  expect(scaleOf([value(40)], { unit: "percent" })).toEqual([0, 100]);
  expect(scaleOf([value(0)], {})).toEqual([0, 1]);
});
