// The house holds: stairs, libraries' rooms, sizes, names. The cheapest test of the repository and the one that keeps it readable.
import { describe, expect, it } from "vitest";
import * as rules from "./support/house-rules.ts";
import { cycles, importsOf, libraries, stairs } from "./support/imports.ts";
import { type Finding, listed, parseSource, readSources, type SourceFile } from "./support/source-file.ts";

type Rule = (file: SourceFile) => Finding[];

const root = new URL("..", import.meta.url).pathname;
const house = readSources(root, ["src"]);
const grounds = readSources(root, ["src", "test", "bench", "deploy"]);

/** Tables and wire types that may be longer than a file should be, each with its reason. */
const LONG_FILES: Readonly<Record<string, string>> = {};

const HOUSE_RULES: readonly (readonly [sentence: string, rule: Rule])[] = [
  ["stairs go down only and rooms of one floor have no doors between them", stairs],
  ["each library lives in its one room", libraries],
  ["environment, arguments, clock, timers and chance come in as parameters below the roof", rules.hiddenInputs],
  ["no function is longer than 70 lines", rules.functionSizes],
  ["no function takes more than three positional parameters", rules.parameterCounts],
  ["every file opens with a comment of at most five lines", rules.openings],
  ["nothing is exported as default", rules.defaultExports],
  ["nothing writes to the console", rules.consoles],
  ["names say something", rules.names],
];

describe("the house", () => {
  it("has rooms to look at", () => {
    expect(house.length).toBeGreaterThan(15);
    expect(house.flatMap(importsOf).length).toBeGreaterThan(15);
  });

  it.each(HOUSE_RULES)("%s", (_sentence, rule) => {
    expect(listed(house.flatMap(rule))).toEqual([]);
  });

  it("no two files import each other at run time", () => {
    expect(listed(cycles(house))).toEqual([]);
  });

  it("no file is longer than 400 lines but those with a reason", () => {
    const long = house.flatMap(rules.fileSizes);
    expect(listed(long.filter(({ path }) => !Object.hasOwn(LONG_FILES, path)))).toEqual([]);
    const reasonless = Object.keys(LONG_FILES).filter((path) => !long.some((finding) => finding.path === path));
    expect(reasonless, "exceptions that are not needed any more").toEqual([]);
  });
});

describe("the grounds: house, tests, bench, deployment", () => {
  it.each([
    ["nothing is typed any", rules.anyTypes],
    ["no tool is silenced", rules.silencers],
  ] as const)("%s", (_sentence, rule) => {
    expect(listed(grounds.flatMap(rule))).toEqual([]);
  });
});

/** What each rule must catch: a guard that cannot fail guards nothing. */
const CAUGHT: readonly (readonly [what: string, rule: Rule, path: string, text: string])[] = [
  ["a step up", stairs, "src/core/x.ts", `import { a } from "../server/a.ts";`],
  ["a step up for a type only", stairs, "src/routing/x.ts", `import type { A } from "../proxy/a.ts";`],
  ["a door between rooms", stairs, "src/config/x.ts", `import { a } from "../dialects/a.ts";`],
  ["a door between the corridor's rooms", stairs, "src/mock/x.ts", `export { a } from "../proxy/a.ts";`],
  ["a door by export *", stairs, "src/config/x.ts", `export * from "../telemetry/a.ts";`],
  ["a step up, loaded late", stairs, "src/telemetry/x.ts", `const a = await import("../main.ts");`],
  ["a step up inside a type", stairs, "src/core/x.ts", `type A = import("../config/a.ts").A;`],
  ["the roof from a room", stairs, "src/server/x.ts", `import { a } from "../cli/a.ts";`],
  ["a way out of the house", stairs, "src/main.ts", `import { a } from "../test/a.ts";`],
  ["a room that is none", stairs, "src/utils/x.ts", `export const a = 1;`],
  ["an import from a room that is none", stairs, "src/proxy/x.ts", `import { a } from "../utils/a.ts";`],
  ["a library on the ground floor", libraries, "src/core/x.ts", `import ip from "ipaddr.js";`],
  ["a library in a strange room", libraries, "src/proxy/x.ts", `import { Pool } from "undici";`],
  ["a library beside its one file", libraries, "src/dialects/y.ts", `import { a } from "eventsource-parser";`],
  ["a library's subpath", libraries, "src/config/x.ts", `import { a } from "hono/tiny";`],
  ["a library outside the table", libraries, "src/config/x.ts", `import a from "left-pad";`],
  ["a builtin without its prefix", libraries, "src/config/x.ts", `import fs from "fs";`],
  ["a computed import", libraries, "src/config/x.ts", `const a = await import(name);`],
  ["process.env", rules.hiddenInputs, "src/proxy/x.ts", `const a = process.env.HOME;`],
  ["process.env by key", rules.hiddenInputs, "src/proxy/x.ts", `const a = process["env"];`],
  ["process.env by pattern", rules.hiddenInputs, "src/proxy/x.ts", `const { env } = process;`],
  ["process.env by import", rules.hiddenInputs, "src/proxy/x.ts", `import { env } from "node:process";`],
  ["process.argv", rules.hiddenInputs, "src/config/x.ts", `const a = process.argv;`],
  ["Date.now as a value", rules.hiddenInputs, "src/config/x.ts", `const now = Date.now;`],
  ["the clock by new Date()", rules.hiddenInputs, "src/config/x.ts", `const now = new Date();`],
  ["Math.random", rules.hiddenInputs, "src/routing/x.ts", `const a = Math.random();`],
  ["performance.now", rules.hiddenInputs, "src/routing/x.ts", `const a = performance.now();`],
  ["setTimeout", rules.hiddenInputs, "src/server/x.ts", `setTimeout(go, 1);`],
  ["setInterval handed on", rules.hiddenInputs, "src/server/x.ts", `const x = { every: setInterval };`],
  ["setTimeout of globalThis", rules.hiddenInputs, "src/server/x.ts", `globalThis.setTimeout(go, 1);`],
  [
    "timers by import",
    rules.hiddenInputs,
    "src/server/x.ts",
    `import { setTimeout as wait } from "node:timers/promises";`,
  ],
  ["a long function", rules.functionSizes, "src/core/x.ts", `function a() {\n${"  go();\n".repeat(70)}}`],
  ["a long method", rules.functionSizes, "src/core/x.ts", `class A { a() {\n${"  go();\n".repeat(70)}} }`],
  ["a long arrow function", rules.functionSizes, "src/core/x.ts", `const a = () => {\n${"  go();\n".repeat(70)}};`],
  [
    "a long function made of callbacks",
    rules.functionSizes,
    "src/core/x.ts",
    `function a() {\n${"  go(() => {\n    go();\n  });\n".repeat(25)}}`,
  ],
  ["four parameters", rules.parameterCounts, "src/core/x.ts", `const a = (b: 1, c: 2, d: 3, e: 4) => b;`],
  [
    "four parameters of a constructor",
    rules.parameterCounts,
    "src/core/x.ts",
    `class A { constructor(b, c, d, e) {} }`,
  ],
  ["a long file", rules.fileSizes, "src/core/x.ts", "go();\n".repeat(401)],
  ["a file without an opening", rules.openings, "src/core/x.ts", `const a = 1; // late`],
  ["an opening that is an essay", rules.openings, "src/core/x.ts", "// a\n".repeat(6)],
  ["a default export", rules.defaultExports, "src/core/x.ts", `export default 1;`],
  ["a default export in disguise", rules.defaultExports, "src/core/x.ts", `const a = 1; export { a as default };`],
  ["the console", rules.consoles, "src/core/x.ts", `console.log(1);`],
  ["the console as a value", rules.consoles, "src/core/x.ts", `const a = { log: console };`],
  ["any", rules.anyTypes, "src/core/x.ts", `const a: readonly any[] = [];`],
  ["any by assertion", rules.anyTypes, "src/core/x.ts", `const a = b as any;`],
  ["an ignored type error", rules.silencers, "src/core/x.ts", `// @ts-ignore\nconst a = 1;`],
  ["an expected type error", rules.silencers, "test/unit/x.ts", `// @ts-expect-error\nconst a = 1;`],
  ["a silenced lint rule", rules.silencers, "src/core/x.ts", `/* oxlint-disable no-console */\nconst a = 1;`],
  ["an empty word", rules.names, "src/core/x.ts", `class PoolManager {}`],
  ["an empty word in a type", rules.names, "src/core/x.ts", `interface RequestInfo {}`],
  ["a file of an empty word", rules.names, "src/core/utils.ts", `const a = 1;`],
  ["a file name in camel case", rules.names, "src/core/someThing.ts", `const a = 1;`],
];

/** What each rule must let pass: a guard that barks at everything is switched off. */
const LET_PASS: readonly (readonly [what: string, rule: Rule, path: string, text: string])[] = [
  ["a step down", stairs, "src/server/x.ts", `import { a } from "../core/a.ts"; import { b } from "../proxy/b.ts";`],
  ["an import within the room", stairs, "src/config/x.ts", `import { a } from "./a.ts";`],
  ["the roof's own rooms", stairs, "src/main.ts", `import { a } from "./cli/serve.ts";`],
  ["a library at home", libraries, "src/upstream/x.ts", `import { Pool } from "undici";`],
  ["a library in its one file", libraries, "src/dialects/sse.ts", `import { createParser } from "eventsource-parser";`],
  ["a builtin", libraries, "src/core/x.ts", `import { inspect } from "node:util";`],
  ["process.env on the roof", rules.hiddenInputs, "src/cli/x.ts", `const a = process.env;`],
  ["timers in the clock", rules.hiddenInputs, "src/core/clock.ts", `setTimeout(go, 1);`],
  ["a socket's own setTimeout", rules.hiddenInputs, "src/server/x.ts", `socket.setTimeout(0);`],
  ["a method that is called setTimeout", rules.hiddenInputs, "src/server/x.ts", `class A { setTimeout() {} }`],
  ["the type of a timer", rules.hiddenInputs, "src/server/x.ts", `type A = ReturnType<typeof setTimeout>;`],
  [
    "three parameters and an instant",
    rules.parameterCounts,
    "src/core/x.ts",
    `const a = (b: 1, c: 2, d: 3, now: 4) => b;`,
  ],
  ["a given date", rules.hiddenInputs, "src/server/x.ts", `const a = new Date(0);`],
  ["words in texts", rules.hiddenInputs, "src/server/x.ts", "const a = `process.env setTimeout(`; // Date.now"],
  [
    "a factory of named functions",
    rules.functionSizes,
    "src/core/x.ts",
    `function a() {\n${"  function b() {\n    go();\n  }\n".repeat(24)}}`,
  ],
  ["a function of 70 lines", rules.functionSizes, "src/core/x.ts", `function a() {\n${"  go();\n".repeat(68)}}`],
  ["a file of 400 lines", rules.fileSizes, "src/core/x.ts", "go();\n".repeat(400)],
  ["an opening behind a hashbang", rules.openings, "src/main.ts", "#!/usr/bin/env node\n// a\n"],
  ["a property that is called console", rules.consoles, "src/core/x.ts", `const a = { console: 1 }; a.console;`],
  ["the word any", rules.anyTypes, "src/core/x.ts", `const any = 1; // any`],
  ["a silencer in a text", rules.silencers, "src/core/x.ts", `const a = "@ts-ignore";`],
];

describe("the guard", () => {
  it.each(CAUGHT)("catches %s", (_what, rule, path, text) => {
    expect(rule(parseSource(path, text))).not.toEqual([]);
  });

  it.each(LET_PASS)("lets %s pass", (_what, rule, path, text) => {
    expect(listed(rule(parseSource(path, text)))).toEqual([]);
  });

  it("catches a cycle of run-time imports and lets types point both ways", () => {
    const a = parseSource("src/core/a.ts", `import { b } from "./b.ts";`);
    const back = parseSource("src/core/b.ts", `import { a } from "./a.ts";`);
    const types = parseSource("src/core/b.ts", `import type { A } from "./a.ts";`);
    expect(listed(cycles([a, back]))).toEqual([
      "src/core/a.ts:1 imports itself: src/core/a.ts → src/core/b.ts → src/core/a.ts",
    ]);
    expect(cycles([a, types])).toEqual([]);
  });

  it("says where", () => {
    const file = parseSource("src/core/x.ts", `// x\n\nconst a: any = 1;\n`);
    expect(listed(rules.anyTypes(file))).toEqual(["src/core/x.ts:3 says any"]);
  });

  it("refuses a file that it cannot read", () => {
    expect(() => parseSource("src/core/x.ts", `const = ;`)).toThrow(/does not parse/);
  });
});
