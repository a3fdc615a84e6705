// Bundles src/main.ts into dist/cli.mjs. OpenTelemetry and other cold parts stay lazy chunks beside it, and so do the papers of what the
// bundle contains of others. With a folder, `build.mjs FOLDER`, everything goes there, with source maps: to see what came from where.
import { readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { joinedPage } from "../src/server/status/page-text.ts";
import { billOf, licensesOf, packagesOf } from "./bundled.mjs";
import { inAscii, builtinsByLookUp, partsOfPackages } from "./lean.mjs";

const [elsewhere] = process.argv.slice(2);
const folder = elsewhere ?? "dist";
const own = JSON.parse(readFileSync("package.json", "utf8"));
if (elsewhere === undefined) rmSync(folder, { recursive: true, force: true });
const bundle = await rolldown({
  input: { cli: "src/main.ts" },
  platform: "node",
  plugins: [partsOfPackages(), builtinsByLookUp()],
  transform: {
    define: {
      OPENCLAW_EDGE_VERSION: JSON.stringify(own.version),
      OPENCLAW_EDGE_STATUS_PAGE: JSON.stringify(joinedPage()),
    },
  },
});
const { output } = await bundle.write({
  dir: folder,
  format: "esm",
  entryFileNames: "[name].mjs",
  chunkFileNames: "[name]-[hash].mjs",
  minify: true,
  sourcemap: elsewhere !== undefined,
  banner: "#!/usr/bin/env node",
});
await bundle.close();
const chunks = output.filter(({ type }) => type === "chunk");
for (const { fileName, code } of chunks) writeFileSync(join(folder, fileName), inAscii(code));
const packages = packagesOf(chunks.flatMap(({ moduleIds }) => moduleIds));
writeFileSync(join(folder, "LICENSES.txt"), licensesOf(packages));
writeFileSync(join(folder, "sbom.cdx.json"), billOf(packages, own));
const now = new Date();
utimesSync(join(folder, "cli.mjs"), now, now);
