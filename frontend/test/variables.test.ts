import { describe, expect, test } from "vitest";
import { chosen, offered } from "../src/variables/chosen";
import { query, words, type Choice } from "../src/variables/interpolate";
import { asked, filtered, listed, sorted } from "../src/variables/values";
import { Prometheus } from "../src/api/prometheus";

const one = (value: string): Choice => ({ values: [value], isAll: false, allValue: null, isMulti: false });
const many = (...values: string[]): Choice => ({ values, isAll: false, allValue: null, isMulti: true });
const all = (allValue: string | null, ...values: string[]): Choice => ({ values, isAll: true, allValue, isMulti: true });

describe("in a query", () => {
  test.each<[string, string, Record<string, Choice>, string]>([
    ["one value is put in as it is", 'x{a="$a"}', { a: one("BTC-USD") }, 'x{a="BTC-USD"}'],
    ["quotes and backslashes of one value are escaped", 'x{a="$a"}', { a: one('a"b\\c') }, 'x{a="a\\"b\\\\c"}'],
    ["one of several is a regular expression", 'x{a=~"$a"}', { a: many("EURUSD+") }, 'x{a=~"EURUSD\\\\+"}'],
    ["several are alternatives", 'x{a=~"$a"}', { a: many("A", "B.1") }, 'x{a=~"(A|B\\\\.1)"}'],
    ["all are alternatives", 'x{a=~"${a}"}', { a: all(null, "A", "B") }, 'x{a=~"(A|B)"}'],
    ["all may be one expression of its own", 'x{a=~"[[a]]"}', { a: all(".*", "A", "B") }, 'x{a=~".*"}'],
    ["pipes can be asked for", "x{a=~\"${a:pipe}\"}", { a: many("A", "B.1") }, 'x{a=~"A|B.1"}'],
    ["what is not known stays", "$b + $a", { a: one("1") }, "$b + 1"],
    ["a longer name is another variable", "$ab", { a: one("1") }, "$ab"],
  ])("%s", (_, text, choices, expected) => {
    expect(query(text, choices, {})).toBe(expected);
  });

  test("macros are filled in, also in braces", () => {
    expect(query("rate(x[$__rate_interval]) + y[${__range}]", {}, { __rate_interval: "4m", __range: "3600s" })).toBe("rate(x[4m]) + y[3600s]");
  });
});

test("in words several are joined, and all are All", () => {
  expect(words("$a and $b", { a: many("A", "B"), b: all(".*", "A") })).toBe("A + B and All");
});

describe("what a variable offers", () => {
  const prometheus = (data: unknown, seen: string[]) => new Prometheus((address) => {
    seen.push(decodeURIComponent(address).replaceAll("+", " "));
    return Promise.resolve(new Response(JSON.stringify({ status: "success", data })));
  });
  const range = { from: 1000_000, to: 2000_000, raw: { from: "now-1h", to: "now" } };

  test("label_values asks for a label of the series that match", async () => {
    const seen: string[] = [];
    expect(await asked('label_values(up{job=~"a|b"}, instance)', prometheus(["x"], seen), range)).toEqual(["x"]);
    expect(seen[0]).toBe('/prometheus/api/v1/label/instance/values?start=1000&end=2000&match[]=up{job=~"a|b"}');
  });
  test("label_values of a label alone asks for all of it", async () => {
    const seen: string[] = [];
    await asked("label_values(job)", prometheus([], seen), range);
    expect(seen[0]).toBe("/prometheus/api/v1/label/job/values?start=1000&end=2000");
  });
  test("query_result gives the series with its value and time", async () => {
    const data = { resultType: "vector", result: [{ metric: { __name__: "x", a: "1" }, value: [5, "2.5"] }] };
    expect(await asked("query_result(x > 1)", prometheus(data, []), range)).toEqual(['x{a="1"} 2.5 5000']);
  });
  test("a regular expression keeps what fits, and its group is the value", () => {
    expect(filtered(["a-1", "b-2", "c"], "/(.*)-\\d/").map(({ value }) => value)).toEqual(["a", "b"]);
    expect(filtered(["x:1"], "/(?<text>.*):(?<value>.*)/")).toEqual([{ text: "x", value: "1" }]);
  });
  test("a list may name its values", () => {
    expect(listed("1, two : 2, a\\,b")).toEqual([{ text: "1", value: "1" }, { text: "two", value: "2" }, { text: "a,b", value: "a,b" }]);
  });
  test("numbers can be sorted as numbers", () => {
    const options = ["a10", "a9"].map((text) => ({ text, value: text }));
    expect(sorted(options, 1)[0]?.text).toBe("a10");
    expect(sorted(options, 3)[0]?.text).toBe("a9");
    expect(sorted(options, 4)[0]?.text).toBe("a10");
  });
});

describe("a variable that mentions another", () => {
  const mode = { name: "mode", type: "query", query: "label_values(bot_info, mode)", includeAll: true, current: { value: "$__all" } };
  const instance = { name: "instance", type: "query", query: 'label_values(bot_info{mode=~"$mode"}, instance)', includeAll: true };
  /** The selectors that were asked for before the first answer, and after it. */
  async function questions(variables: Parameters<typeof offered>[0], wanted: Record<string, string[]>): Promise<readonly (readonly string[])[]> {
    const seen: string[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((done) => { release = done; });
    const prometheus = new Prometheus(async (address) => {
      seen.push(new URL(address, "http://localhost").searchParams.get("match[]") ?? "");
      await held;
      return new Response('{"status":"success","data":["live"]}');
    });
    const found = offered(variables, wanted, prometheus, { from: 1000_000, to: 2000_000, raw: { from: "now-1h", to: "now" } });
    await new Promise((done) => { setTimeout(done); });
    const before = [...seen];
    release();
    await found;
    return [before, seen.slice(before.length)];
  }
  test("is asked at once where all of the other has a value of its own", async () => {
    expect(await questions([{ ...mode, allValue: ".*" }, instance], {})).toEqual([["bot_info", 'bot_info{mode=~".*"}'], []]);
  });
  test("waits where all are those that are offered", async () => {
    expect(await questions([mode, instance], {})).toEqual([["bot_info"], ['bot_info{mode=~"live"}']]);
  });
  test("waits for one that the address names, which may be gone", async () => {
    expect(await questions([{ ...mode, allValue: ".*" }, instance], { mode: ["paper"] })).toEqual([["bot_info"], ['bot_info{mode=~".*"}']]);
  });
});

describe("what is chosen", () => {
  const options = ["A", "B"].map((value) => ({ text: value, value }));
  test("what is gone is not chosen any more", () => {
    expect(chosen({ type: "query", name: "x", multi: true }, options, ["B", "Z"]).values).toEqual(["B"]);
  });
  test("without a choice it is all where that is allowed, else the first", () => {
    expect(chosen({ type: "query", name: "x", includeAll: true }, options, []).isAll).toBe(true);
    expect(chosen({ type: "query", name: "x" }, options, []).values).toEqual(["A"]);
  });
});
