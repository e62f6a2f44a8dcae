import { describe, expect, test } from "vitest";
import { telling } from "../src/api/alertmanager";
import { QueryError, Prometheus } from "../src/api/prometheus";
import { contrast, channels, colourNamed, legible, paletteFor, inkOn } from "../src/format/colour";
import { read, written } from "../src/dashboard/state";
import { safeAddress } from "../src/markdown";
import { routeOf, runbookAddress } from "../src/router";
import { moment, resolved, span } from "../src/time/range";

const NOW = Date.UTC(2026, 10, 21, 11, 40, 5);

describe("a moment", () => {
  test.each([
    ["now", "2026-11-21T11:40:05.000Z"], ["now-6h", "2026-11-21T05:40:05.000Z"], ["now/d", "2026-11-21T00:00:00.000Z"], ["now-1d/d", "2026-11-20T00:00:00.000Z"],
    ["now/w", "2026-11-16T00:00:00.000Z"], ["now-1M/M", "2026-10-01T00:00:00.000Z"], ["now-1y", "2025-11-21T11:40:05.000Z"],
    ["2026-11-20 08:00", "2026-11-20T08:00:00.000Z"], ["2026-11-20", "2026-11-20T00:00:00.000Z"], ["1795177364520", "2026-11-20T12:22:44.520Z"],
  ])("%s is %s", (text, expected) => {
    expect(new Date(moment(text, NOW) ?? 0).toISOString()).toBe(expected);
  });
  test("the end of a day is its last millisecond", () => {
    expect(new Date(moment("now-1d/d", NOW, true) ?? 0).toISOString()).toBe("2026-11-20T23:59:59.999Z");
  });
  test.each(["", "yesterday", "now-", "now-5q"])("“%s” is none", (text) => {
    expect(moment(text, NOW)).toBeNull();
  });
  test("a range ends after it begins", () => {
    expect(resolved({ from: "now", to: "now-1h" }, NOW)).toBeNull();
  });
  test.each([[5_000, "5 s"], [65_000, "1 min"], [3_900_000, "1 h 5 min"], [200_000_000, "2 d 7 h"]])("%d ms are %s", (given, text) => {
    expect(span(given)).toBe(text);
  });
});

describe("an address", () => {
  const dashboard = { time: { from: "now-24h", to: "now" }, refresh: "30s" };
  test("says what was chosen, and gives it back", () => {
    const given = "from=now-6h&to=now&var-a=x&var-a=y&viewPanel=4&mark=Halts";
    expect(written(read(new URLSearchParams(given), dashboard), dashboard).toString()).toBe("from=now-6h&to=now&var-a=x&var-a=y&mark=Halts&viewPanel=4");
  });
  test("says nothing of what the dashboard says itself", () => {
    expect(written(read(new URLSearchParams(), dashboard), dashboard).toString()).toBe("");
  });
  test.each([["/", "home"], ["/alerts", "alerts"], ["/d/hydra-risk", "dashboard"], ["/d/hydra-risk/a-name", "dashboard"], ["/alerts/1", "nothing"], ["/nowhere", "nothing"], ["/public/runbooks/HydraDown.md", "runbook"], ["/public/runbooks/../x.md", "nothing"]])("%s is %s", (path, page) => {
    expect(routeOf(path).page).toBe(page);
  });
  test("one that runs something is no link", () => {
    expect(["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://a.example/b", "/d/x"].map(safeAddress)).toEqual([null, null, null, "https://a.example/b", "/d/x"]);
  });
});

test.each([
  ["http://localhost:3000/public/runbooks/HydraDown.md", "/public/runbooks/HydraDown.md"],
  ["http://localhost:3000/d/x", "http://localhost:3000/d/x"],
  ["https://runbooks.example/public/runbooks/HydraDown.md", "https://runbooks.example/public/runbooks/HydraDown.md"],
  ["", ""],
])("the runbook at %s is read at %s", (address, where) => {
  expect(runbookAddress(address)).toBe(where);
});

describe("a colour", () => {
  test("has Grafana's names", () => {
    expect(colourNamed("semi-dark-red")).toBe("#E02F44");
  });
  test("of text is dark enough on paper", () => {
    expect(contrast(channels(legible("#FADE2A", "#ffffff")) ?? [0, 0, 0], [255, 255, 255])).toBeGreaterThanOrEqual(4.5);
  });
  test.each(["#F2495C", "#73BF69", "#FADE2A", "#37872D", "#C4162A", "#5794F2", "#777777"])("under words leaves them readable: %s", (colour) => {
    const ground = channels(colour) ?? [0, 0, 0];
    expect(contrast(channels(inkOn(colour)) ?? [0, 0, 0], ground)).toBeGreaterThanOrEqual(4.5);
  });
  test("belongs to a name, and no two names of one panel share it", () => {
    const names = ["BTC", "ETH", "SOL", "XRP", "ADA", "DOT", "LINK", "LTC", "EUR", "GBP"];
    expect(new Set(paletteFor(names).values()).size).toBe(10);
    expect(paletteFor(["BTC"]).get("BTC")).toBe(paletteFor(["BTC"]).get("BTC"));
  });
});

describe("Prometheus", () => {
  const answering = (body: string, status = 200) => new Prometheus(() => Promise.resolve(new Response(body, { status })));
  test("refuses a query in its own words, and is not in trouble for it", async () => {
    const prometheus = answering('{"status":"error","error":"parse error"}', 400);
    await expect(prometheus.instant("(", NOW)).rejects.toThrow(QueryError);
    expect(prometheus.trouble).toBeNull();
  });
  test.each([["<html>", 200, "no JSON"], ['{"problem":"nothing answers"}', 502, "nothing answers"], ['{"a":1}', 200, "no answer of Prometheus"], ["null", 200, "no object"]])("%s is trouble", async (body, status, sentence) => {
    const prometheus = answering(body, status);
    await expect(prometheus.instant("up", NOW)).rejects.toThrow(sentence);
    expect(prometheus.trouble?.sentence).toContain(sentence);
  });
  test("is out of trouble as soon as it answers", async () => {
    let isUp = false;
    const prometheus = new Prometheus(() => (isUp ? Promise.resolve(new Response('{"status":"success","data":{"resultType":"vector","result":[]}}')) : Promise.reject(new TypeError("down"))));
    await expect(prometheus.instant("up", NOW)).rejects.toThrow("cannot be reached");
    const since = prometheus.trouble?.since;
    await expect(prometheus.instant("up", NOW)).rejects.toThrow();
    expect(prometheus.trouble?.since).toBe(since);
    isUp = true;
    await prometheus.instant("up", NOW);
    expect(prometheus.trouble).toBeNull();
  });
  test("gives infinity and no number as what they are", async () => {
    const result = [{ metric: {}, values: [[1, "+Inf"], [2, "NaN"], [3, "1e3"]] }];
    const [series] = await answering(JSON.stringify({ status: "success", data: { resultType: "matrix", result } })).instant("x", NOW);
    expect(series?.points).toEqual([[1000, Infinity], [2000, NaN], [3000, 1000]]);
  });
});

describe("who is told of an alert", () => {
  const written = `global:
  resolve_timeout: 5m
route:
  receiver: journal
receivers:
- name: journal
  webhook_configs:
  - send_resolved: true
    url: http://127.0.0.1:9095/
- name: slack
- name: "on call"
  email_configs:
  - to: a@example.org
templates: []
`;
  test("are the receivers that somebody has set up", () => { expect([...telling(written)]).toEqual(["journal", "on call"]); });
  test("is nobody without receivers", () => { expect([...telling("route:\n  receiver: x\n")]).toEqual([]); });
});
