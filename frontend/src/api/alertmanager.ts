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
}
