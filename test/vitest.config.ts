import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    // The page in a browser: `npm run test:ui`.
    exclude: ["test/ui/**"],
    // Most files wait for processes and clocks; one worker on two cores, the default, leaves them idle.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
