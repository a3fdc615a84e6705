// Tests that judge mutants: those of the area that `main.ts` names.
import { defineConfig } from "vitest/config";
import { areaOf } from "./areas.ts";
import { QuickFirst } from "./quick-first.ts";

export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: [...areaOf(process.env["MUTATION_AREA"] ?? "").tests],
    // Loading the product anew for every file would be most of the time that a mutant takes.
    isolate: false,
    setupFiles: ["test/mutation/few-cases.ts"],
    sequence: { sequencer: QuickFirst },
    testTimeout: 15_000,
  },
});
