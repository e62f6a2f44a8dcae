/** Alertmanager's API, as our own server passes it on. */

import { Source, type Ask } from "./source";

export interface Delivered {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly fingerprint: string;
  readonly receivers: readonly { readonly name: string }[];
  readonly status: { readonly state: string; readonly silencedBy: readonly string[]; readonly inhibitedBy: readonly string[] };
}

export class Alertmanager extends Source {
  constructor(ask?: Ask) {
    super("Alertmanager", "/alertmanager/api/v2", ask);
  }

  /** What it holds now, silenced and inhibited ones too. */
  async alerts(): Promise<readonly Delivered[]> {
    const { status, body } = await this.get("alerts");
    if (status !== 200 || !Array.isArray(body)) throw this.failed("it answered something that is no list of alerts");
    return body as readonly Delivered[];
  }

  /** The names of the receivers through which somebody is told: one that nobody has set up has a name only. */
  async telling(): Promise<ReadonlySet<string>> {
    const { status, body } = await this.get("status");
    const original = (body as { config?: { original?: unknown } } | null)?.config?.original;
    if (status !== 200 || typeof original !== "string") throw this.failed("it answered something that is no status");
    return telling(original);
  }
}

/** The receivers of a configuration, as Alertmanager writes it, that have somebody to tell. */
export function telling(configuration: string): ReadonlySet<string> {
  const [, receivers = ""] = configuration.split(/^receivers:\n/m);
  const each = receivers.split(/^- name: /m).slice(1);
  return new Set(each.filter((text) => /^ {2}\w+_configs:/m.test(text)).map((text) => (text.split("\n", 1)[0] ?? "").replace(/^(['"])(.*)\1$/, "$2")));
}
