/** What our own server knows: dashboards, systems, trades. */

import type { Dashboard } from "../dashboard/model";
import { Source, type Ask } from "./source";

/** A dashboard's file; `problem` is a sentence where it cannot be read. */
export interface Listed {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly group: string;
  readonly tags: readonly string[];
  readonly problem: string | null;
}

/** What is asked of a system for its card; each may find nothing. */
export interface System {
  readonly name: string;
  readonly title: string;
  readonly dashboard: string;
  readonly job: string;
  readonly questions: Readonly<Record<string, string>>;
  readonly feeds: string | null;
}

export interface Settings {
  readonly version: string;
  readonly scrape_seconds: number;
  readonly systems: readonly System[];
  readonly ledgers: readonly string[];
  readonly subject: string;
}

export interface Trade {
  readonly ledger: string;
  readonly system: string;
  readonly id: string;
  readonly state: "open" | "closed" | "voided";
  readonly asset: string;
  readonly direction: string | null;
  readonly who: string | null;
  readonly timeframe: string | null;
  readonly mode: string | null;
  readonly regime: string | null;
  readonly opened: number | null;
  readonly closed: number | null;
  readonly quantity: number | null;
  readonly entry: number | null;
  readonly exit: number | null;
  readonly pnl: number | null;
  readonly currency: string | null;
  readonly reason: string | null;
  readonly corrected: boolean;
}

export interface Chapter {
  readonly at: number;
  readonly kind: string;
  readonly title: string;
  readonly details: readonly (readonly [string, string | number | null])[];
  readonly votes: readonly { readonly engine: string; readonly stance: string; readonly confidence: number; readonly weight: number; readonly reason: string; readonly correct: boolean | null }[];
}

export interface Story {
  readonly trade: Trade;
  readonly facts: readonly (readonly [string, string | number | null, string])[];
  readonly chapters: readonly Chapter[];
}

export interface Trades {
  readonly trades: readonly Trade[];
  readonly total: number;
  readonly choices: Readonly<Record<string, readonly string[]>>;
  readonly problems: readonly string[];
}

/** A thing that our server does not have, or refuses; `message` is its sentence. */
export class AnswerError extends Error {}

export class Local extends Source {
  constructor(ask?: Ask) {
    super("The viewer", "/viewer", ask);
  }

  async settings(): Promise<Settings> {
    return this.found("settings");
  }

  async dashboards(): Promise<readonly Listed[]> {
    return (await this.found<{ dashboards: readonly Listed[] }>("dashboards")).dashboards;
  }

  async dashboard(uid: string): Promise<Dashboard> {
    return this.found(`dashboards/${encodeURIComponent(uid)}`);
  }

  async trades(filter: Readonly<Record<string, string>>): Promise<Trades> {
    return this.found("trades", filter);
  }

  async story(ledger: string, system: string, id: string): Promise<Story> {
    return this.found("story", { ledger, system, id });
  }

  async runbook(name: string): Promise<string> {
    return (await this.found<{ text: string }>(`runbooks/${encodeURIComponent(name)}`)).text;
  }

  private async found<Kind>(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<Kind> {
    const { status, body } = await this.get(path, parameters);
    const problem = (body as { problem?: string }).problem;
    if (status >= 400) throw new AnswerError(problem ?? `the viewer answered ${status}`);
    return body as Kind;
  }
}
