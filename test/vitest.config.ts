import { defineConfig } from "vitest/config";
import { SlowFirst } from "./slow-first.ts";

const UNIT = "test/unit/**/*.test.ts";
// The page in a browser: `npm run test:ui`.
const ELSEWHERE = "test/ui/**";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    // Most files wait for processes and clocks; one worker on two cores, the default, leaves them idle.
    maxWorkers: 4,
    sequence: { sequencer: SlowFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      // A third of the processor's time was loading the same modules anew for each of 300 files; what they test keeps nothing between calls.
      { extends: true, test: { name: "unit", include: [UNIT], isolate: false } },
      { extends: true, test: { name: "whole", include: ["test/**/*.test.ts"], exclude: [UNIT, ELSEWHERE] } },
    ],
  },
});
