// Licences of what a bundle contains: one text of all packages whose modules went into it, since most licences ask for exactly that.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of the package that a module belongs to; null for our own. */
function packageOf(module) {
  const path = module.replace(/^\0/, "").replace(/\?.*$/, "");
  if (!path.includes("/node_modules/")) return null;
  let folder = dirname(path);
  while (!existsSync(join(folder, "package.json")) || read(folder).name === undefined) folder = dirname(folder);
  return folder;
}

const read = (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** The text for these modules. Throws for a package that names no licence: somebody has to look. */
export function licensesOf(modules) {
  const folders = [...new Set(modules.map(packageOf).filter((folder) => folder !== null))];
  const parts = folders.map((folder) => {
    const { name, version, license } = read(folder);
    if (typeof license !== "string") throw new Error(`${name} ${version} names no licence`);
    const file = readdirSync(folder).find((each) => /^licen[cs]e(\.(md|txt))?$/i.test(each));
    const text = file === undefined ? "" : `\n\n${readFileSync(join(folder, file), "utf8").trim()}`;
    return `${name} ${version} (${license})${text}\n`;
  });
  return `openclaw-edge contains code of these packages.\n\n${parts.sort().join(`\n${"-".repeat(80)}\n\n`)}`;
}
