import { defineConfig } from "vitest/config";
import { earlier } from "./earlier.ts";

/** The built page asks nobody but its own server: no inline script or style, names by content. */
export default defineConfig({
  base: "/",
  plugins: [earlier("dashboard.html", ["src/dashboard/page.ts", "src/panels/charts.ts"])],
  build: {
    outDir: "dist",
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
