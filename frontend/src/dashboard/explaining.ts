/** What stands beside a panel's title: its definition, and where more is to be read. */

import { h } from "../dom";
import { markdown, safeAddress } from "../markdown";
import { runbookAddress } from "../router";
import { words, type Choices } from "../variables/interpolate";
import type { Panel } from "./model";

let number = 0;

/** A button that shows the panel's description below itself; null where there is none. */
export function described({ description, title = "" }: Panel): HTMLElement | null {
  if (!description?.trim()) return null;
  number += 1;
  const id = `description-${number}`;
  const box = h("div", { class: "popover", id, role: "tooltip", popover: "auto" }, markdown(description));
  const button = h("button", { type: "button", class: "icon about", "aria-label": `What “${title}” means`, popovertarget: id, "aria-describedby": id }, "i");
  box.addEventListener("toggle", () => { place(box, button); });
  return h("span", { class: "about-frame" }, button, box);
}

/** Put a popover below a button, within the window. */
export function place(box: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const width = box.offsetWidth;
  box.style.setProperty("left", `${Math.max(8, Math.min(at.left - 12, window.innerWidth - width - 8))}px`);
  const below = at.bottom + 6;
  const fits = below + box.offsetHeight < window.innerHeight;
  box.style.setProperty("top", `${fits ? below : Math.max(8, at.top - box.offsetHeight - 6)}px`);
}

/** A panel's links, such as to its runbooks. */
export function linked({ links }: Panel, choices: () => Choices): readonly HTMLElement[] {
  return (links ?? []).flatMap(({ title = "", url = "", targetBlank }) => {
    const address = safeAddress(runbookAddress(words(url, choices())));
    return address ? [h("a", { class: "icon runbook", href: address, title, "aria-label": title, target: targetBlank ? "_blank" : null, rel: "noopener noreferrer" }, "↗")] : [];
  });
}
