/** The page begins: theme, frame, and what its address asks for. */

import "./styles/tokens.css";
import "./styles/shell.css";
import "./styles/controls.css";
import "./styles/panels.css";
import "./styles/pages.css";
import { Shell } from "./shell";
import { watchTheme } from "./theme";

watchTheme();
const root = document.getElementById("app");
if (root) void new Shell(root).start();
