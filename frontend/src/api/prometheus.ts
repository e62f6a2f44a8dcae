/** Prometheus' API, as our own server passes it on. */

import { Source, type Ask } from "./source";
import type { Range } from "../time/range";

export type Labels = Readonly<Record<string, string>>;
/** Milliseconds and value. */
export type Point = readonly [at: number, value: number];

export interface Series {
  readonly labels: Labels;
  readonly points: readonly Point[];
}

export interface Rule {
  readonly name: string;
  readonly type: string;
  readonly query: string;
  readonly duration?: number;
  readonly state?: string;
  readonly health: string;
  readonly lastError?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly alerts?: readonly Alert[];
}

export interface Alert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: string;
  readonly activeAt: string;
  readonly value: string;
}

export interface Target {
  readonly labels: Labels;
  readonly scrapeUrl: string;
  readonly health: string;
  readonly lastError: string;
  readonly lastScrape: string;
  readonly lastScrapeDuration: number;
  readonly scrapePool: string;
}

/** An answer that the query's author must mend; what is shown is Prometheus' own sentence. */
export class QueryError extends Error {}

interface RawSeries {
  readonly metric: Labels;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

interface Result {
  readonly resultType: string;
  readonly result: unknown;
}

function number(text: string): number {
  if (text === "+Inf") return Infinity;
  return text === "-Inf" ? -Infinity : Number(text);
}

function seriesOf(data: Result): readonly Series[] {
  if (data.resultType === "scalar" || data.resultType === "string") {
    const [at, text] = data.result as [number, string];
    return [{ labels: {}, points: [[at * 1000, number(text)]] }];
  }
  return (data.result as readonly RawSeries[]).map(({ metric, value, values }) => ({
    labels: metric,
    points: (values ?? (value ? [value] : [])).map(([at, text]): Point => [Math.round(at * 1000), number(text)]),
  }));
}

const inSeconds = (milliseconds: number): string => (milliseconds / 1000).toString();

export class Prometheus extends Source {
  constructor(ask?: Ask) {
    super("Prometheus", "/prometheus/api/v1", ask);
  }

  /** The newest value of each series at a moment. */
  async instant(query: string, at: number, signal?: AbortSignal): Promise<readonly Series[]> {
    return seriesOf(await this.data<Result>("query", { query, time: inSeconds(at) }, signal));
  }

  /** Values over a range, a step (milliseconds) apart. */
  async over(query: string, range: Range, step: number, signal?: AbortSignal): Promise<readonly Series[]> {
    const [start, end] = [range.from, range.to].map((each) => inSeconds(Math.floor(each / step) * step));
    return seriesOf(await this.data<Result>("query_range", { query, start: start ?? "", end: end ?? "", step: inSeconds(step) }, signal));
  }

  async labelValues(label: string, match: string, range: Range): Promise<readonly string[]> {
    return this.data(`label/${encodeURIComponent(label)}/values`, { ...within(range), ...(match ? { "match[]": match } : {}) });
  }

  async labelNames(match: string, range: Range): Promise<readonly string[]> {
    return this.data("labels", { ...within(range), ...(match ? { "match[]": match } : {}) });
  }

  async seriesSelectors(match: string, range: Range): Promise<readonly string[]> {
    const found = await this.data<readonly Labels[]>("series", { ...within(range), "match[]": match });
    return found.map(({ __name__: name = "", ...labels }) =>
      `${name}{${Object.entries(labels).map(([label, value]) => `${label}="${value}"`).join(",")}}`);
  }

  async rules(): Promise<readonly Rule[]> {
    const { groups } = await this.data<{ groups: readonly { rules: readonly Rule[] }[] }>("rules", {});
    return groups.flatMap(({ rules }) => rules);
  }

  async targets(): Promise<readonly Target[]> {
    return (await this.data<{ activeTargets: readonly Target[] }>("targets", { state: "active" })).activeTargets;
  }

  private async data<Kind>(path: string, parameters: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Kind> {
    const { status, body } = await this.get(path, parameters, signal);
    const answer = body as { status?: string; data?: Kind; error?: string };
    if (answer.status === "success" && answer.data !== undefined) return answer.data;
    if (answer.status === "error" && status >= 400 && status < 500) throw new QueryError(answer.error ?? "the query was refused");
    throw this.failed(answer.error ?? "it answered something that is no answer of Prometheus");
  }
}

function within(range: Range): Readonly<Record<string, string>> {
  return { start: inSeconds(range.from), end: inSeconds(range.to) };
}
