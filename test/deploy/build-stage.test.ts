// What the image is built from: what the build imports has to reach it, and nobody builds images on every change.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const lines = (path: string): string[] => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8").split("\n");

it("all that the build imports of its own is let through to the image's build stage, and copied there", () => {
  const imported = lines(".dev/build.mjs").flatMap((line) => /from "\.\/([\w-]+\.mjs)"/.exec(line)?.[1] ?? []);
  const files = ["build.mjs", ...imported].map((name) => `.dev/${name}`).sort();
  const copied = lines("deploy/Dockerfile").find((line) => line.startsWith("COPY .dev/build.mjs")) ?? "";
  expect(copied.split(" ").slice(1, -1).sort()).toEqual(files);
  const letThrough = lines(".dockerignore").filter((line) => line.startsWith("!.dev/"));
  expect(letThrough.map((line) => line.slice(1)).sort()).toEqual(files);
});
