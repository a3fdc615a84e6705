// Bundles src/main.ts into dist/cli.mjs. OpenTelemetry and other cold parts stay lazy chunks beside it.
import { readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { rolldown } from "rolldown";
import { joinedPage } from "../src/server/status/page-text.ts";
import { inAscii, builtinsByLookUp, partsOfPackages } from "./lean.mjs";
import { licensesOf } from "./licenses.mjs";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
rmSync("dist", { recursive: true, force: true });
const bundle = await rolldown({
  input: { cli: "src/main.ts" },
  platform: "node",
  plugins: [partsOfPackages(), builtinsByLookUp()],
  transform: {
    define: {
      OPENCLAW_EDGE_VERSION: JSON.stringify(version),
      OPENCLAW_EDGE_STATUS_PAGE: JSON.stringify(joinedPage()),
    },
  },
});
const { output } = await bundle.write({
  dir: "dist",
  format: "esm",
  entryFileNames: "[name].mjs",
  chunkFileNames: "[name]-[hash].mjs",
  minify: true,
  banner: "#!/usr/bin/env node",
});
await bundle.close();
const chunks = output.filter(({ type }) => type === "chunk");
for (const { fileName, code } of chunks) writeFileSync(`dist/${fileName}`, inAscii(code));
writeFileSync("dist/LICENSES.txt", licensesOf(chunks.flatMap(({ moduleIds }) => moduleIds)));
const now = new Date();
utimesSync("dist/cli.mjs", now, now);
