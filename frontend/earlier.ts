/** A second first page, for addresses of which it is known what they load: it names the files that are wanted later. */

import type { Plugin } from "vite";

/** Write the page once more as `name`, with links to what the modules need, so that a browser gets it all at once. */
export function earlier(name: string, modules: readonly string[]): Plugin {
  return {
    name: "earlier",
    enforce: "post",
    generateBundle(_, bundle) {
      const page = bundle["index.html"];
      if (page?.type !== "asset") throw new Error("there is no index.html to write links into");
      const files = new Set<string>();
      const take = (file: string): void => {
        const chunk = bundle[file];
        if (files.has(file) || chunk?.type !== "chunk") return;
        files.add(file);
        chunk.imports.forEach(take);
      };
      for (const module of modules) {
        const chunk = Object.values(bundle).find((each) => each.type === "chunk" && each.facadeModuleId?.endsWith(module));
        if (!chunk) throw new Error(`${module} has no file of its own`);
        take(chunk.fileName);
      }
      const text = String(page.source);
      const links = [...files].filter((file) => !text.includes(file)).map((file) => `    <link rel="modulepreload" crossorigin href="/${file}">\n`);
      this.emitFile({ type: "asset", fileName: name, source: text.replace("  </head>", `${links.join("")}  </head>`) });
    },
  };
}
