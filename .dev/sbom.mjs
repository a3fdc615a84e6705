// The software bill of materials in CycloneDX: what the lock file says of the packages that go into the bundle.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";

const FILE = ".cache/sbom.cdx.json";
const args = [
  "sbom",
  "--package-lock-only",
  "--omit",
  "dev",
  "--sbom-format",
  "cyclonedx",
  "--sbom-type",
  "application",
];
const text = execFileSync("npm", args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
mkdirSync(".cache", { recursive: true });
writeFileSync(FILE, text);
process.stdout.write(`${FILE} (${JSON.parse(text).components.length} components)\n`);
