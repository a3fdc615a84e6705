import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    // The page in a browser: `npm run test:ui`.
    exclude: ["test/ui/**"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
