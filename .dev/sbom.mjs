// Says where the bill of materials is that the build made of what it bundled (bundled.mjs).
import { readFileSync } from "node:fs";

const FILE = "dist/sbom.cdx.json";
const { components } = JSON.parse(readFileSync(FILE, "utf8"));
process.stdout.write(`${FILE} (${components.length} components)\n`);
