/** Addresses of pages, and following links without loading the page again. */

export type Route =
  | { readonly page: "home" | "alerts" | "targets" | "trades" | "dashboards" }
  | { readonly page: "dashboard"; readonly uid: string }
  | { readonly page: "runbook"; readonly name: string }
  | { readonly page: "nothing"; readonly path: string };

const PLAIN = new Set(["alerts", "targets", "trades", "dashboards"]);

/** What a path asks for; Grafana's own addresses of dashboards, with a name behind the uid, work too, and those of runbooks. */
export function routeOf(path: string): Route {
  const runbook = /^\/public\/runbooks\/([A-Za-z0-9]+)\.md$/.exec(path);
  if (runbook) return { page: "runbook", name: runbook[1] ?? "" };
  const [first = "", second = ""] = path.replace(/^\/+|\/+$/g, "").split("/");
  if (first === "") return { page: "home" };
  if (first === "d" && second) return { page: "dashboard", uid: decoded(second) };
  return PLAIN.has(first) && !second ? { page: first as "alerts" } : { page: "nothing", path };
}

/** Where a runbook that a file names is read: here, for those that local addresses lead to, whatever their port; else where it says. */
export function runbookAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isOwn = url !== null && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname) && routeOf(url.pathname).page === "runbook";
  return isOwn ? url.pathname : address;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Let `changed` know of every click on a link to a page of ours, and of going back and forth. */
export function follow(changed: () => void): void {
  window.addEventListener("popstate", changed);
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.target || link.origin !== location.origin || link.hasAttribute("download")) return;
    if (routeOf(link.pathname).page === "nothing" || link.getAttribute("href")?.startsWith("#")) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    changed();
  });
}
