// What a bundle contains of others. One list of packages, from the modules that went into it, is the source of both papers that go with it:
// LICENSES.txt, since most licences ask for exactly that, and the bill of materials, for those who look up advisories.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const manifest = (folder) => read(join(folder, "package.json"));

/** The folder of the package that a module belongs to; null for our own. */
function folderOf(module) {
  const path = module.replace(/^\0/, "").replace(/\?.*$/, "");
  if (!path.includes("/node_modules/")) return null;
  let folder = dirname(path);
  while (!existsSync(join(folder, "package.json")) || manifest(folder).name === undefined) folder = dirname(folder);
  return folder;
}

/** The packages of these modules, by name. Throws for one that names no licence: somebody has to look. */
export function packagesOf(modules) {
  const folders = [...new Set(modules.map(folderOf).filter((folder) => folder !== null))];
  const packages = folders.map((folder) => {
    const { name, version, license } = manifest(folder);
    if (typeof license !== "string") throw new Error(`${name} ${version} names no licence`);
    return [`${name} ${version}`, { name, version, license, folder }];
  });
  // One that is installed in two places is one.
  return [...new Map(packages.sort(([a], [b]) => (a < b ? -1 : 1))).values()];
}

/** The text of their licences. */
export function licensesOf(packages) {
  const parts = packages.map(({ name, version, license, folder }) => {
    const file = readdirSync(folder).find((each) => /^licen[cs]e(\.(md|txt))?$/i.test(each));
    const text = file === undefined ? "" : `\n\n${readFileSync(join(folder, file), "utf8").trim()}`;
    return `${name} ${version} (${license})${text}\n`;
  });
  return `openclaw-edge contains code of these packages.\n\n${parts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

/**
 * The bill of materials, as CycloneDX in JSON. It says no time and no serial number, so that the same sources make the same file. The hash of
 * a component is that of its tarball, which the lock file holds.
 */
export function billOf(packages, { name, version, license }) {
  const locked = read("package-lock.json").packages;
  const components = packages.map((each) => {
    const { integrity = "" } = locked[relative(".", each.folder).split(sep).join("/")] ?? {};
    return component("library", each, integrity);
  });
  const own = component("application", { name, version, license }, "");
  const bill = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: own },
    components,
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

function component(type, { name, version, license }, integrity) {
  const purl = `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
  // A single licence has an id; several in one field are an expression.
  const licenses = license.includes(" ") ? [{ expression: license }] : [{ license: { id: license } }];
  const [, digest] = /^sha512-(\S+)$/.exec(integrity) ?? [];
  const hashes =
    digest === undefined
      ? {}
      : { hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }] };
  return { type, "bom-ref": purl, name, version, ...hashes, licenses, purl };
}
