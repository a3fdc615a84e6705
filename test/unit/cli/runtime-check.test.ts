// Flags of the runtime that a door to the outside cannot live with.
import { describe, expect, it } from "vitest";
import { runtimeFault } from "../../../src/cli/runtime-check.ts";

const PLAIN = { execArgv: [], nodeOptions: undefined, inspectorUrl: undefined };

describe("a runtime", () => {
  it.each([
    ["without flags", {}],
    ["with harmless flags", { execArgv: ["--max-old-space-size=256"], nodeOptions: "--enable-source-maps" }],
    ["with an inspector on loopback", { inspectorUrl: "ws://127.0.0.1:9229/1f3c" }],
    ["with an inspector on loopback of IPv6", { inspectorUrl: "ws://[::1]:9229/1f3c" }],
  ])("%s will do", (_sentence, more) => {
    expect(runtimeFault({ ...PLAIN, ...more })).toBeNull();
  });

  it.each([
    ["with a lax parser", { execArgv: ["--insecure-http-parser"] }, /insecure-http-parser/],
    ["with a lax parser, spelled otherwise", { execArgv: ["--insecure_http_parser"] }, /insecure-http-parser/],
    [
      "with a lax parser by the environment",
      { nodeOptions: "--trace-warnings --insecure-http-parser" },
      /NODE_OPTIONS/,
    ],
    ["with an inspector for everybody", { inspectorUrl: "ws://0.0.0.0:9229/1f3c" }, /inspector/],
    ["with an inspector on the network", { inspectorUrl: "ws://192.0.2.7:9229/1f3c" }, /inspector/],
    ["with an inspector on all of IPv6", { inspectorUrl: "ws://[::]:9229/1f3c" }, /inspector/],
  ])("%s will not", (_sentence, more, words) => {
    expect(runtimeFault({ ...PLAIN, ...more })).toMatch(words);
  });
});
