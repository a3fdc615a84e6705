// Flags of the runtime that a door to the outside cannot live with.
import { describe, expect, it } from "vitest";
import { runtimeFault } from "../../../src/cli/runtime-check.ts";

const PLAIN = { execArgv: [], nodeOptions: undefined, inspectorUrl: undefined };

describe("a runtime", () => {
  it.each([
    ["without flags", {}],
    ["with harmless flags", { execArgv: ["--max-old-space-size=256"], nodeOptions: "--enable-source-maps" }],
    ["with a flag of ours that ends alike", { execArgv: ["--title=--config-file"] }],
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
    ["with a lax parser in quotes", { nodeOptions: '"--insecure-http-parser"' }, /insecure-http-parser/],
    [
      "with a lax parser in quotes behind others",
      { nodeOptions: '--title="a b" "--insecure-http-parser"' },
      /insecure-http-parser/,
    ],
    [
      "with a lax parser, quoted in its middle and escaped",
      { nodeOptions: String.raw`--ins"ecure\-http"-parser` },
      /insecure-http-parser/,
    ],
    ["with a file of flags", { execArgv: ["--experimental-config-file=node.config.json"] }, /configuration file/],
    ["with the usual file of flags", { execArgv: ["--experimental-default-config-file"] }, /configuration file/],
    [
      "with a file of flags, spelled otherwise",
      { execArgv: ["--experimental_default_config_file"] },
      /configuration file/,
    ],
    [
      "with a file of flags by the environment",
      { nodeOptions: '"--experimental-config-file" x.json' },
      /configuration file/,
    ],
    ["with a file of flags that is no experiment", { execArgv: ["--config-file=x.json"] }, /configuration file/],
    ["with an inspector for everybody", { inspectorUrl: "ws://0.0.0.0:9229/1f3c" }, /inspector/],
    ["with an inspector on the network", { inspectorUrl: "ws://192.0.2.7:9229/1f3c" }, /inspector/],
    ["with an inspector on all of IPv6", { inspectorUrl: "ws://[::]:9229/1f3c" }, /inspector/],
  ])("%s will not", (_sentence, more, words) => {
    expect(runtimeFault({ ...PLAIN, ...more })).toMatch(words);
  });
});
