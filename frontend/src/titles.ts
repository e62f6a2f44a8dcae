/** How dashboards are called where their group stands above them. */

import type { Listed } from "./api/local";

/** A title without the name of the group that it stands in. */
export function shortened({ title, group }: Listed): string {
  return title.startsWith(`${group} `) ? title.slice(group.length + 1) : title;
}
