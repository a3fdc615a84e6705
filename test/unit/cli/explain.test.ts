// `explain` as people and programs see it: the whole text, the document, the refusals, and no secret anywhere.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import type { Terminal } from "../../../src/cli/command.ts";
import { REPAIR_NAMES } from "../../../src/core/repairs.ts";
import { runCommand } from "../../../src/cli/index.ts";

const home = mkdtempSync(join(tmpdir(), "openclaw-edge-explain-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const KEYS = ["sk-first-0123456789-abcdefghijkl", "sk-second-0123456789-abcdefghijk"];
const TOKEN = "token-of-the-gateway-0123456789ab";

/** Three providers: two keys, none, and one that asks for translation of everything but chat. Nobody listens on port 0. */
const CONFIG = {
  models: {
    mode: "replace",
    providers: {
      big: {
        baseUrl: "https://big.example/v1?key=secret-in-the-query",
        apiKey: KEYS,
        models: [{ id: "m", input: ["text", "image"] }],
      },
      lost: { baseUrl: "https://lost.example/v1", models: [{ id: "m" }] },
      near: {
        baseUrl: "http://127.0.0.1:9/v1",
        models: [
          { id: "m", input: ["text"], contextWindow: 32_000 },
          { id: "tiny", contextWindow: 2_000 },
        ],
      },
    },
  },
  agents: {
    defaults: { model: { primary: "near/m", fallbacks: ["near/tiny", "lost/m", "big/m"] }, timeoutSeconds: 300 },
    list: [{ id: "main" }, { id: "bare", model: "lost/m" }],
  },
  gateway: { port: 0, auth: { token: TOKEN }, http: { endpoints: { embeddings: { enabled: false } } } },
  edge: {
    providers: {
      big: { dialects: ["openai-chat", "openai-responses"] },
      near: { dialects: ["openai-chat"], inflight: 4 },
    },
    hedge: { afterMs: 1_500, share: 0.1 },
  },
};

function fileOf(name: string, text: string): string {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
}
const config = fileOf("openclaw.json", JSON.stringify(CONFIG));

/** Takes what it prints before anybody reads it. */
const ROOMY = { highWaterMark: 1024 * 1024 };

/** Runs `explain` in this process; `{config}` in the text stands for the file's path. */
async function explain(...args: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(ROOMY), new PassThrough(ROOMY)];
  const terminal: Terminal = {
    env: {},
    cwd: home,
    home,
    program: "openclaw-edge",
    version: "1.2.3",
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
  };
  const code = await runCommand(["explain", "--config", config, ...args], terminal);
  const textOf = (stream: PassThrough): string => String(stream.read() ?? "").replaceAll(config, "{config}");
  return { code, stdout: textOf(stdout), stderr: textOf(stderr) };
}

interface Document {
  readonly candidates: readonly { readonly target: string; readonly notReady: unknown }[];
  readonly refused: readonly { readonly target: string; readonly why: string }[];
}

async function documentOf(...args: readonly string[]): Promise<Document & Record<string, unknown>> {
  return JSON.parse((await explain("--json", ...args)).stdout) as Document & Record<string, unknown>;
}

describe("the text", () => {
  it("says everything that a plan holds", async () => {
    const { code, stdout, stderr } = await explain("openclaw", "--stream");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(`\
request      chat, streamed, for openclaw/main (agent main)
config       {config}

1            near/m
  to         http://127.0.0.1:9/v1/chat/completions (openai-completions)
  as         openai-chat: request patch, answer relay
  clocks     connect 5 s, commit 600 s, idle 120 s
  keys       near#1 no key
  in flight  at most 4 at this provider
  mends      every deviation; reads tool calls in text
  changes    image-parts: leaves images out (input)
  changes    developer-role: sends the role \`developer\` as \`system\` (compat.supportsDeveloperRole, or a local address)
  changes    default-tool-choice: adds \`tool_choice: "auto"\` beside tools (not OpenAI's own address)

2            big/m
  to         https://big.example/v1/chat/completions (openai-completions)
  as         openai-chat: request patch, answer relay
  clocks     connect 5 s, commit 120 s, idle 120 s
  keys       big#1 sk-fir…ijkl, big#2 sk-sec…hijk (sticky)
  in flight  at most 500 at this provider
  mends      every deviation
  changes    default-tool-choice: adds \`tool_choice: "auto"\` beside tools (not OpenAI's own address)

passed over  near/tiny  context_window_too_small
passed over  lost/m     missing_credential
limits       deadline 300 s; at most 5 attempts; fails over; other keys: 1 after rate_limit, 1 after overloaded; heals refused shapes; hedge after 1.5 s for 10 %
health       no running gateway at 127.0.0.1:0: health unknown
`);
  });

  it("says what the client would be told, and why", async () => {
    const { code, stdout } = await explain("openclaw/bare");
    expect(code).toBe(1);
    expect(stdout).toBe(`\
request      chat: refused
config       {config}
answer       503 all_providers_unavailable: No provider can answer for agent 'bare' here (missing_credential).
because      lost/m: missing_credential
`);
  });
});

describe("the document", () => {
  it("is one, and unknown health is null", async () => {
    const document = await documentOf("openclaw");
    expect(document).toMatchObject({
      operation: "chat",
      stream: false,
      needs: [],
      agent: "main",
      requested: "openclaw/main",
      health: null,
      limits: { deadlineMs: 300_000, attemptsMax: 5, failsOver: true, hedge: { afterMs: 1_500, share: 0.1 } },
    });
    expect(document.candidates[1]).toEqual({
      target: "big/m",
      api: "openai-completions",
      url: "https://big.example/v1/chat/completions",
      dialect: "openai-chat",
      lane: { request: "patch", response: "relay" },
      clocks: { connectMs: 5_000, wholeMs: 600_000 },
      credentials: [
        { id: "big#1", masked: "sk-fir…ijkl" },
        { id: "big#2", masked: "sk-sec…hijk" },
      ],
      rotation: "sticky",
      inflightMax: 500,
      repairs: REPAIR_NAMES,
      toolText: false,
      changes: [{ transform: "default-tool-choice", learned: false }],
      learned: null,
      notReady: null,
    });
  });

  it("of a refusal holds the error as the client gets it", async () => {
    const { code, stdout } = await explain("openclaw/nobody", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      operation: "chat",
      status: 404,
      error: {
        message: "There is no agent 'nobody'.",
        type: "invalid_request_error",
        param: "model",
        code: "model_not_found",
      },
    });
  });

  it.each<[sentence: string, args: readonly string[], candidates: string[], refused: string[]]>([
    ["obeys the model header", ["openclaw", "--header", "x-openclaw-model=big/m"], ["big/m"], []],
    ["obeys headers in any letter case", ["openclaw", "--header", "X-OpenClaw-Model=big/m"], ["big/m"], []],
    [
      "knows other operations",
      ["openclaw", "--operation", "responses"],
      ["near/m", "big/m"],
      ["near/tiny context_window_too_small", "lost/m missing_credential"],
    ],
  ])("%s", async (_sentence, args, candidates, refused) => {
    const document = await documentOf(...args);
    expect(document.candidates.map(({ target }) => target)).toEqual(candidates);
    expect(document.refused.map(({ target, why }) => `${target} ${why}`)).toEqual(refused);
  });

  it("reads needs, model and stream from a body, and the command line wins", async () => {
    const content = [{ type: "image_url", image_url: { url: "data:" } }];
    const written = { model: "openclaw/bare", stream: true, messages: [{ role: "user", content }] };
    const body = fileOf("body.json", JSON.stringify(written));
    const document = await documentOf("openclaw/main", "--body", body);
    expect(document).toMatchObject({ agent: "main", stream: true, needs: ["images"] });
    expect(document.refused).toContainEqual({ target: "near/m", why: "lacks_image" });
    expect((await explain("--body", body)).code).toBe(1);
  });
});

describe("a request that would be refused", () => {
  it.each<[sentence: string, args: readonly string[], status: number, code: string]>([
    ["names a stranger", ["gpt-4o"], 400, "model_not_found"],
    ["names a model where only agents are shown", ["big/m"], 400, "model_not_found"],
    [
      "names an unknown agent by header",
      ["openclaw", "--header", "x-openclaw-agent-id=nobody"],
      404,
      "model_not_found",
    ],
    ["goes to an endpoint that is off", ["openclaw", "--operation", "embeddings"], 404, "not_found"],
    ["has a body that is no JSON", ["openclaw", "--body", fileOf("broken.json", "{")], 400, "invalid_json"],
    ["has a body without messages", ["openclaw", "--body", fileOf("empty.json", "{}")], 400, "invalid_body"],
  ])("%s", async (_sentence, args, status, code) => {
    expect(await explain(...args, "--json")).toMatchObject({ code: 1 });
    expect(await documentOf(...args)).toMatchObject({ status, error: { code } });
  });
});

describe("the command line", () => {
  it.each<[sentence: string, args: readonly string[], words: string]>([
    ["no model", [], "name a model"],
    ["two models", ["openclaw", "more"], "unexpected 'more'"],
    ["an unknown operation", ["openclaw", "--operation", "sing"], "'sing' is no operation"],
    ["a header without a value", ["openclaw", "--header", "x-openclaw-model"], "is not NAME=VALUE"],
    ["a body that is not there", ["openclaw", "--body", "nowhere.json"], "cannot read the body"],
  ])("with %s is told how it goes", async (_sentence, args, words) => {
    const { code, stdout, stderr } = await explain(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(words);
    expect(stderr).toContain("usage: openclaw-edge explain [options] [model]");
  });

  it("with a config that cannot be served prints its complaints and exits 78", async () => {
    const { code, stderr } = await explain("openclaw", "--config", fileOf("bad.json", "{ gatewy: {} }"));
    expect(code).toBe(78);
    expect(stderr).toContain("gatewy");
  });
});

it("no secret is printed", async () => {
  for (const form of [[], ["--json"]]) {
    const { stdout, stderr } = await explain("openclaw", ...form);
    for (const secret of [...KEYS, TOKEN, "secret-in-the-query"]) expect(stdout + stderr).not.toContain(secret);
  }
});
