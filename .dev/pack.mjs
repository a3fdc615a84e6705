// Makes the package to publish in .cache/package: the bundle, the configs, the papers. The bundle holds its dependencies, so the package
// has none, and `npx openclaw-edge` fetches one thing. Prints the path of the tarball.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = ".cache/package";
const CONTENT = ["dist", "config", "README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"];

const {
  dependencies: _bundled,
  devDependencies: _dev,
  scripts: _scripts,
  ...kept
} = JSON.parse(readFileSync("package.json", "utf8"));
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
for (const name of CONTENT)
  cpSync(name, join(FOLDER, name), { recursive: true, filter: (path) => !path.includes(".compile-cache") });
// A workflow that publishes says where the code is: provenance is checked against it.
const repository = process.env["GITHUB_REPOSITORY"];
const origin =
  repository === undefined ? {} : { repository: { type: "git", url: `git+https://github.com/${repository}.git` } };
writeFileSync(join(FOLDER, "package.json"), `${JSON.stringify({ ...kept, ...origin }, null, 2)}\n`);
const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", "..", "--silent"], {
  cwd: FOLDER,
  encoding: "utf8",
});
const [{ filename }] = Object.values(JSON.parse(packed));
process.stdout.write(`${join(".cache", filename)}\n`);
