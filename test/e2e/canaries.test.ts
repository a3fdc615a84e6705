// Three things that must never leave by a side door: the gateway's token, a provider's key, and what a client wrote. Looked for in metrics,
// spans, logs at every level, the status page, errors, `config show` and last words, after everything has been done that makes them talk.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { Collector } from "../support/collector.ts";
import { type Edge, EDGE_TOKEN, runCommand, startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";

const PROMPT = "prompt-canary-5d1f of a patient";
const KEYS = ["sk-upstream-a-secret", "sk-upstream-b-secret"];
const COLLECTOR_KEY = "collector-canary-77aa";
const CANARIES = [PROMPT, ...KEYS, EDGE_TOKEN, COLLECTOR_KEY];
const SECRETS = `${KEYS.join(" ")} ${EDGE_TOKEN}`;
const echo = { error: { message: `no: ${SECRETS} “${PROMPT}”`, code: KEYS[0], type: "x" } };

/** Of a command: who asked reads what it said. */
const REFUSAL = play.status(401, { error: { message: `no: ${SECRETS}`, code: KEYS[0], type: "x" } });

let first: Provider;
let second: Provider;
let collector: Collector;

beforeAll(async () => {
  [first, second, collector] = await Promise.all([startProvider(), startProvider(), Collector.listen()]);
});
afterAll(async () => {
  await Promise.all([first.close(), second.close(), collector[Symbol.asyncDispose]()]);
});

function config(level: string): object {
  return {
    ...chainConfig({ a: first.url, b: second.url }),
    logging: { level, redactSensitive: "tools" },
    diagnostics: {
      flags: ["*"],
      otel: { enabled: true, endpoint: collector.url, headers: { "x-key": COLLECTOR_KEY } },
    },
  };
}

/** Providers that echo keys, break, refuse and answer; callers without a token, with a wrong one, with nonsense. */
const TROUBLES: readonly play.Behaviour[] = [
  play.cutAfterEvents(3, "reset"),
  play.answer(),
  play.status(400, echo),
  play.html(),
  play.drop("reset"),
  play.status(500, echo),
  // Last, since it has the keys rest.
  play.status(401, echo),
];

async function troubled(edge: Edge): Promise<string> {
  const said: string[] = [];
  const messages = [{ role: "user", content: PROMPT }];
  const post = async (body: object, headers: Record<string, string> = {}): Promise<void> => {
    const response = await edge.post("/v1/chat/completions", body, { headers });
    const head = JSON.stringify([...response.headers]);
    const text = await response.text().catch((error: unknown) => String(error));
    // An answer may well repeat its prompt, and so may a provider's complaint of the request: it goes to whom it belongs. Nothing else may.
    said.push(head, response.ok ? "" : response.status === 400 ? text.replaceAll(PROMPT, "") : text);
  };
  for (const behaviour of TROUBLES) {
    first.on("m", behaviour);
    second.on("m", behaviour);
    for (const stream of [false, true]) await post({ messages, stream });
  }
  // Names of models are no secrets: log and answer may repeat them.
  await post({ messages, model: "no-such-model" });
  await post({ messages: PROMPT });
  await post({ messages }, { "x-openclaw-model": "a/no-such-model" });
  await post({ messages }, { authorization: `Bearer ${KEYS[0]}` });
  await post({ messages }, { traceparent: PROMPT, tracestate: PROMPT, baggage: `k=${PROMPT}` });
  const misplaced = ["x-openclaw-message-channel", "x-openclaw-session-key", "user-agent"];
  for (const name of misplaced) await post({ messages }, { [name]: SECRETS });
  said.push(await (await edge.get("/readyz")).text());
  said.push(await (await fetch(`${edge.url}/v1/${KEYS[1]}?key=${KEYS[1]}`)).text());
  return said.join("\n");
}

function found(text: string): string[] {
  return CANARIES.filter((canary) => text.includes(canary));
}

describe("canaries", () => {
  it.each(["trace", "debug", "info", "warn", "error"])(
    "are in no answer, metric, span, log record, picture or line at level %s",
    async (level) => {
      // Above `info` nothing says that it listens; the console gets the level once it runs.
      const edge = await startEdge({ config: config(level) });
      const said = await troubled(edge);
      const plain = await (await edge.get("/api/diagnostics/prometheus")).text();
      const open = await (
        await edge.get("/api/diagnostics/prometheus", { accept: "application/openmetrics-text" })
      ).text();
      const picture = await (await edge.get("/status.json")).text();
      expect(await edge.stop()).toBe(0);
      expect(found(plain + open)).toEqual([]);
      expect(found(picture)).toEqual([]);
      expect(picture).toContain("stream-broken");
      expect(plain).toContain("openclaw_edge_stream_errors_total");
      expect(found(said)).toEqual([]);
      // Where providers live is for the operator's log and spans.
      for (const { url } of [first, second, collector]) expect(said + plain + open).not.toContain(new URL(url).host);
      expect(found(edge.child.lines.join("\n"))).toEqual([]);
      expect(found(Buffer.concat(collector.exports.map(({ body }) => body)).toString("latin1"))).toEqual([]);
      expect(collector.items("/v1/traces").length).toBeGreaterThan(10);
    },
  );

  it("are not in the words of a config that is wrong", async () => {
    const broken = { ...config("info"), gateway: { auth: { token: EDGE_TOKEN, tokn: KEYS[0] } } };
    const { code, stdout, stderr } = await runCommand(["config", "validate", "--config", "{config}"], {
      config: broken,
    });
    expect(code).toBe(1);
    expect(found(stdout + stderr)).toEqual([]);
  });

  it.each([[[]], [["--json"]]])("are not in the config that is shown with %j", async (more) => {
    const shown = { ...config("info"), gateway: { auth: { token: EDGE_TOKEN } } };
    const { code, stdout, stderr } = await runCommand(["config", "show", "--config", "{config}", ...more], {
      config: shown,
    });
    expect(code).toBe(0);
    expect(stdout).toContain("openai-completions");
    expect(found(stdout + stderr)).toEqual([]);
  });

  it.each<[what: string, behaviour: play.Behaviour, told: RegExp, code: number]>([
    ["an answer", play.answer({ texts: [`your keys: ${SECRETS}`] }), /your keys: /, 0],
    ["a refusal", REFUSAL, /no: /, 4],
    ["an answer that says nothing", play.answer({ texts: [""], finish: SECRETS }), /no text/, 1],
  ])("are not in what a command shows of %s", async (_what, behaviour, told, code) => {
    for (const provider of [first, second]) provider.on("m", behaviour);
    for (const more of [[], ["--json"]]) {
      const command = ["infer", "model", "run", "--prompt", "hi", "--config", "{config}", ...more];
      const shown = await runCommand(command, { config: config("info") });
      expect(shown.code).toBe(code);
      expect(shown.stdout + shown.stderr).toMatch(told);
      expect(found(shown.stdout + shown.stderr)).toEqual([]);
    }
  });

  it("are not in what a command shows of a gateway that repeats what it was shown", async () => {
    await using gateway = await startProvider();
    gateway.on("openclaw", REFUSAL);
    const { origin } = new URL(gateway.url);
    const command = ["infer", "model", "run", "--gateway", "--url", origin, "--prompt", "hi", "--config", "{config}"];
    const shown = await runCommand(command, { config: config("info") });
    expect(shown.stderr).toContain("401: no: ");
    expect(found(shown.stdout + shown.stderr)).toEqual([]);
  });

  it("are not in last words, whichever of them the bug speaks of", async () => {
    const bug = `process.on("SIGUSR2", () => setImmediate(() => { throw new Error(${JSON.stringify(SECRETS)}); }));`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bug)}` };
    const edge = await startEdge({ config: config("debug"), env });
    edge.child.signal("SIGUSR2");
    expect(await edge.child.exited).toBe(1);
    expect(edge.child.lines.join("\n")).toContain("uncaughtException");
    expect(found(edge.child.lines.join("\n"))).toEqual([]);
    await edge.stop();
  });
});
