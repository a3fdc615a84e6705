// Makes the package to publish in .cache/package: the bundle, the configs, the papers. The bundle holds its dependencies, so the package
// has none, and `npx openclaw-edge` fetches one thing. Prints the path of the tarball.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packedManifest } from "./packed-manifest.mjs";

const FOLDER = ".cache/package";
const CONTENT = ["dist", "config", "README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"];

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
for (const name of CONTENT)
  cpSync(name, join(FOLDER, name), { recursive: true, filter: (path) => !path.includes(".compile-cache") });
const manifest = packedManifest(JSON.parse(readFileSync("package.json", "utf8")), process.env["GITHUB_REPOSITORY"]);
writeFileSync(join(FOLDER, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", "..", "--silent"], {
  cwd: FOLDER,
  encoding: "utf8",
});
const [{ filename }] = Object.values(JSON.parse(packed));
process.stdout.write(`${join(".cache", filename)}\n`);
