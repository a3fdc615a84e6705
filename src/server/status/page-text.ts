// The page as one file: document, style and the modules of its script, joined. The bundle carries the result; a checkout joins on first
// use. There is no other build step: what is written in `page/` is what browsers get.
import { readFileSync } from "node:fs";

/** Modules of the script in the order in which each knows the ones before it. */
const MODULES = ["format", "draw", "tiles", "chains", "waterfall", "requests", "connect", "session", "main"] as const;

declare const OPENCLAW_EDGE_STATUS_PAGE: string | undefined;

/** The text of the page. */
export function pageText(): string {
  return typeof OPENCLAW_EDGE_STATUS_PAGE === "string" ? OPENCLAW_EDGE_STATUS_PAGE : joinedPage();
}

/** Joins the files of `page/`. Functions as replacements: the texts are full of dollars. */
export function joinedPage(): string {
  const script = MODULES.map((name) => withoutDoors(part(`${name}.js`))).join("\n");
  return part("page.html")
    .replace("/* style */", () => part("page.css").trim())
    .replace("/* script */", () => `"use strict";\n{\n${script.trim()}\n}`);
}

/** In one file, modules need no imports and no exports. */
function withoutDoors(module: string): string {
  return module.replace(/^import [^;]*;\n/gm, "").replace(/^export /gm, "");
}

function part(name: string): string {
  return readFileSync(new URL(`page/${name}`, import.meta.url), "utf8");
}
