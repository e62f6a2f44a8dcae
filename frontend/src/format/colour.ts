/** Colours by Grafana's names, tuned to be read on the page's own paper, and one colour per entity. */

import { isDark } from "../theme";

/** From super-light to dark. */
const HUES: Readonly<Record<string, readonly [string, string, string, string, string]>> = {
  red: ["#FFA6B0", "#FF7383", "#F2495C", "#E02F44", "#C4162A"],
  orange: ["#FFCB7D", "#FFB357", "#FF9830", "#FF780A", "#FA6400"],
  yellow: ["#FFF899", "#FFEE52", "#FADE2A", "#F2CC0C", "#E0B400"],
  green: ["#C8F2C2", "#96D98D", "#73BF69", "#56A64B", "#37872D"],
  blue: ["#C0D8FF", "#8AB8FF", "#5794F2", "#3274D9", "#1F60C4"],
  purple: ["#DEB6F2", "#CA95E5", "#B877D9", "#A352CC", "#8F3BB8"],
};
const TONES = ["super-light-", "light-", "", "semi-dark-", "dark-"] as const;

const NAMED: ReadonlyMap<string, string> = new Map(
  Object.entries(HUES).flatMap(([hue, tones]) => tones.map((tone, at) => [`${TONES[at] ?? ""}${hue}`, tone] as const)),
);

/** What lines have that nobody gave a colour: apart from each other, also for most colour-blind people. */
const PALETTE: readonly string[] = [
  "#4C8DAE", "#D98E4A", "#6BA37A", "#B5739D", "#8A7FC7", "#C2A83E", "#5FB3B3", "#C7625B",
  "#7FA650", "#9C7A5B", "#5A78C9", "#CC8FB4", "#3E9C8F", "#A9654A", "#8C9A3C", "#7D8899",
];

/** The colour that a dashboard names; `text` is that of the words around it, unless it is to be painted with. */
export function colourNamed(name: string, text = "var(--ink)"): string {
  if (name === "text" || name === "") return text;
  if (name === "transparent") return "transparent";
  return NAMED.get(name) ?? name;
}

function hash(name: string): number {
  let sum = 5381;
  for (const sign of name) sum = (sum * 33) ^ (sign.codePointAt(0) ?? 0);
  return sum >>> 0;
}

/** A colour for each name: the same on every dashboard but where two names of one panel would share one. */
export function paletteFor(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<number>();
  const found = new Map<string, string>();
  for (const name of [...new Set(names)].sort()) {
    let at = hash(name) % PALETTE.length;
    for (let tries = 0; taken.has(at) && tries < PALETTE.length; tries += 1) at = (at + 1) % PALETTE.length;
    taken.add(at);
    if (taken.size === PALETTE.length) taken.clear();
    found.set(name, PALETTE[at] ?? "#7D8899");
  }
  return found;
}

type Channels = readonly [number, number, number];

/** Red, green and blue, 0 to 255, of `#rgb`, `#rrggbb` or `rgb(...)`; null for anything else. */
export function channels(colour: string): Channels | null {
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(colour);
  if (long) return [parseInt(long[1] ?? "0", 16), parseInt(long[2] ?? "0", 16), parseInt(long[3] ?? "0", 16)];
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(colour);
  if (short) return [1, 2, 3].map((at) => parseInt((short[at] ?? "0").repeat(2), 16)) as unknown as Channels;
  const words = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/.exec(colour);
  return words ? [Number(words[1]), Number(words[2]), Number(words[3])] : null;
}

/** WCAG's relative luminance, 0 to 1: https://www.w3.org/TR/WCAG21/#dfn-relative-luminance. */
export function luminance([red, green, blue]: Channels): number {
  const linear = [red, green, blue].map((each) => {
    const share = each / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}

/** WCAG's contrast of two colours, 1 to 21. */
export function contrast(one: Channels, other: Channels): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const mixed = (one: Channels, other: Channels, share: number): Channels =>
  one.map((each, at) => Math.round(each + ((other[at] ?? 0) - each) * share)) as unknown as Channels;

const written = (colour: Channels): string => `#${colour.map((each) => each.toString(16).padStart(2, "0")).join("")}`;

/** What panels are painted on. */
export const surface = (): string => (isDark() ? "#161d20" : "#fffefb");

/** The contrast that WCAG wants of words: https://www.w3.org/TR/WCAG21/#contrast-minimum. */
const READABLE = 4.5;

/** The colour, darkened or lightened just as far as text in it needs to be read on paper. */
export function legible(colour: string, paper: string = surface(), least = READABLE): string {
  const [ink, ground] = [channels(colour), channels(paper)];
  if (!ink || !ground) return colour;
  const towards: Channels = luminance(ground) > 0.4 ? [0, 0, 0] : [255, 255, 255];
  for (let share = 0; share <= 1; share += 0.05) {
    const tried = mixed(ink, towards, share);
    if (contrast(tried, ground) >= least) return written(tried);
  }
  return written(towards);
}

/** White where it can be read on a colour, else black, which then can. */
export function inkOn(colour: string): string {
  const ground = channels(colour);
  if (!ground) return "var(--ink)";
  return contrast([255, 255, 255], ground) >= READABLE ? "#ffffff" : "#000000";
}

/** A colour that lets so much of what is below it through. */
export function faded(colour: string, opacity: number): string {
  const found = channels(colour);
  return found ? `rgba(${found.join(", ")}, ${opacity})` : colour;
}

/** The colour a share of the way through stops that lie evenly between 0 and 1. */
export function between(stops: readonly string[], share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = channels(stops[Math.floor(at)] ?? "") ?? [0, 0, 0];
  const high = channels(stops[Math.ceil(at)] ?? "") ?? low;
  return written(mixed(low, high, at - Math.floor(at)));
}
