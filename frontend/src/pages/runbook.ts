/** What to do about an alert, as its page in the documentation says. */

import { h } from "../dom";
import { markdown } from "../markdown";
import type { Page } from "../shell";

/** An address in angle brackets, as Markdown has them. */
const BARE = /<(https?:\/\/[^>\s]+)>/g;

export function runbookPage(text: string): Page {
  return { element: h("div", { class: "page is-runbook" }, markdown(text.replace(BARE, "$1"), 1)), dispose: () => undefined };
}
