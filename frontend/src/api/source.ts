/** A server behind ours: asked, and known to be up, down or slow, and since when. */

export type Ask = (address: string, options: { signal?: AbortSignal }) => Promise<Response>;

/** A server that cannot be reached, is too slow or answers nonsense; `message` is a sentence for people. */
export class SourceError extends Error {}

/** What is wrong with a server; one that is slow may still answer what it was asked at `since`. */
export interface Trouble {
  readonly name: string;
  readonly since: number;
  readonly sentence: string;
  readonly isSlow: boolean;
}

type Listener = () => void;

const TIMEOUT_MILLISECONDS = 30_000;
/** How long a server may take before people are told that they wait for it. */
const PATIENCE_MILLISECONDS = 4_000;

export class Source {
  private downSince: number | null = null;
  private sentence = "";
  private readonly listeners = new Set<Listener>();
  private readonly waits = new Set<{ readonly since: number }>();

  constructor(
    readonly name: string,
    private readonly base: string,
    private readonly ask: Ask = (address, options) => fetch(address, options),
    private readonly clock: () => number = () => Date.now(),
  ) {}

  /** What is wrong and since when; null while it answers. */
  get trouble(): Trouble | null {
    return this.downSince === null ? null : { name: this.name, since: this.downSince, sentence: this.sentence, isSlow: false };
  }

  /** The question that waits longest, where that is too long; null for a server that is down, which is worse. */
  get slowness(): Trouble | null {
    const since = Math.min(...[...this.waits].map((wait) => wait.since));
    if (this.downSince !== null || this.clock() - since < PATIENCE_MILLISECONDS) return null;
    return { name: this.name, since, sentence: "it has not answered yet", isSlow: true };
  }

  /** Be told when it goes down or comes back, until the returned function is called. */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The status and JSON of an answer; raises `SourceError` where there is none, and the abort that `signal` says. */
  async get(path: string, parameters: Readonly<Record<string, string>> = {}, signal?: AbortSignal): Promise<{ status: number; body: unknown }> {
    const wait = { since: this.clock() };
    this.waits.add(wait);
    try {
      return await this.answer(path, parameters, signal);
    } finally {
      this.waits.delete(wait);
    }
  }

  private async answer(path: string, parameters: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<{ status: number; body: unknown }> {
    const question = new URLSearchParams(parameters).toString();
    const limit = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    let answer: Response;
    try {
      answer = await this.ask(`${this.base}/${path}${question ? `?${question}` : ""}`, {
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw this.failed(limit.aborted ? "it did not answer in 30 s" : "the viewer's own server cannot be reached");
    }
    return this.read(answer, signal);
  }

  private async read(answer: Response, signal?: AbortSignal): Promise<{ status: number; body: unknown }> {
    let body: unknown;
    try {
      body = await answer.json();
    } catch (error) {
      if (signal?.aborted) throw error;
      throw this.failed("it answered something that is no JSON");
    }
    if (body === null || typeof body !== "object") throw this.failed("it answered something that is no object");
    const problem = (body as { problem?: unknown }).problem;
    if (answer.status >= 500 && typeof problem === "string") throw this.failed(problem);
    this.answered();
    return { status: answer.status, body };
  }

  /** Note that it is in trouble; returns the error to raise. */
  failed(sentence: string): SourceError {
    const isNew = this.downSince === null || this.sentence !== sentence;
    this.downSince ??= this.clock();
    this.sentence = sentence;
    if (isNew) for (const each of this.listeners) each();
    return new SourceError(`${this.name}: ${sentence}`);
  }

  private answered(): void {
    if (this.downSince === null) return;
    this.downSince = null;
    for (const each of this.listeners) each();
  }
}
