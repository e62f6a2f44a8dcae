/** A text in Markdown. */

import { h, fill } from "../dom";
import { markdown } from "../markdown";
import { words } from "../variables/interpolate";
import { plain, type Draw } from "./drawing";

export const draw: Draw = (panel, surroundings) => {
  const element = h("div", { class: "text" });
  const content = String(panel.options?.["content"] ?? "");
  return plain(element, () => {
    fill(element, markdown(words(content, surroundings.choices())));
    return content.trim() === "" ? "This text is empty." : null;
  });
};
