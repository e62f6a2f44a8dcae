/** Elements made in one expression; text is always text, never markup. */

type Child = Node | string | number | null | undefined | false;
type Listener = (event: Event) => void;
type Attribute = string | number | boolean | null | undefined | Listener;

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element; attributes that begin with `on` are listeners, false and null leave an attribute out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  furnish(element, attributes, children);
  return element;
}

/** An SVG element. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(SVG, tag);
  furnish(element, attributes, children);
  return element;
}

function furnish(element: Element, attributes: Readonly<Record<string, Attribute>>, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2).toLowerCase(), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  append(element, children);
}

/** Let a part that may have more than fits be reached with the keyboard, so that it can be scrolled; else leave it out. */
export function scrollable(element: HTMLElement, isScrolled: boolean): void {
  if (isScrolled) element.setAttribute("tabindex", "0");
  else element.removeAttribute("tabindex");
}

/** A name that may be broken behind its underscores and backslashes. */
export function breakable(name: string): readonly Child[] {
  return name.split(/(?<=[_\\])/).flatMap((word, at) => (at ? [h("wbr"), word] : [word]));
}

/** Add children; null, undefined and false are left out. */
export function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(typeof child === "number" ? String(child) : child);
  }
}

/** Put children in the place of all that was there. */
export function fill(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** Set custom properties of an element; the content security policy permits no style attribute in markup. */
export function styled<Kind extends HTMLElement | SVGElement>(element: Kind, styles: Readonly<Record<string, string>>): Kind {
  for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, value);
  return element;
}
