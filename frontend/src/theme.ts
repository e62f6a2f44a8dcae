/** Light, dark, or as the machine says; the choice is kept in this browser. */

export type Theme = "light" | "dark" | "system";

const KEY = "tradewatch-theme";
const listeners = new Set<() => void>();

/** What was chosen. */
export function chosenTheme(): Theme {
  const kept = typeof localStorage === "undefined" ? null : localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** Whether the page is dark now. */
export function isDark(): boolean {
  if (typeof document === "undefined") return false;
  const chosen = chosenTheme();
  return chosen === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : chosen === "dark";
}

/** Choose, keep and apply a theme. */
export function chooseTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  applyTheme();
}

/** Paint the page in the theme and tell who draws by itself. */
export function applyTheme(): void {
  document.documentElement.dataset["theme"] = isDark() ? "dark" : "light";
  for (const each of listeners) each();
}

/** Be told of changes until the returned function is called. */
export function onTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A custom property of the page's style, as canvas needs it. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Follow the machine from now on. */
export function watchTheme(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);
  applyTheme();
}
