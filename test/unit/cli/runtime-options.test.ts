// What is told of the environment's options: their names, and nothing of their values.
import { describe, expect, it } from "vitest";
import { runtimeOptions } from "../../../src/cli/runtime-options.ts";

describe("options of the runtime", () => {
  it.each<[written: string | undefined, names: readonly string[]]>([
    [undefined, []],
    ["", []],
    ["--max-old-space-size=256", ["--max-old-space-size"]],
    ["--require ./a--b.js -r=c.js  --no-warnings", ["--require", "-r", "--no-warnings"]],
    ['--import "file:///a b/--c.mjs" "--title=a"', ["--import", "--title"]],
  ])("of %j are %j", (written, names) => {
    expect(runtimeOptions(written)).toEqual(names);
  });
});
