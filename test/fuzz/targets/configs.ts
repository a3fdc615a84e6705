// Config files that are nearly right: they load, or every complaint has a word, a sentence and a place; nothing throws, nothing is let out.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { renderComplaint } from "../../../src/config/complaint.ts";
import { loadSnapshot } from "../../../src/config/load-snapshot.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { loadInput } from "../../support/load-input.ts";
import { type ByteEdit, byteEdits, edited, mangled, type TreeEdit, treeEdits } from "../mutations.ts";
import { type FuzzTarget, target } from "../target.ts";

const KEY = "sk-fuzz-canary-4b1d77aa90";
const TOKEN = "gateway-canary-77aa90c1d2e3f405";

/** One of nearly everything that a file may say. */
const FILE: JsonObject = {
  models: {
    mode: "replace",
    providers: {
      up: {
        baseUrl: "http://127.0.0.1:1/v1",
        apiKey: KEY,
        api: "openai-completions",
        timeoutSeconds: 5,
        headers: { "x-team": "a" },
        models: [
          {
            id: "m",
            name: "M",
            contextWindow: 1000,
            input: ["text"],
            cost: { input: 1, output: 2 },
            compat: { supportsStore: false },
          },
        ],
      },
      claude: {
        baseUrl: "http://localhost:2",
        apiKey: [KEY, "${FUZZ_KEY}"],
        api: "anthropic-messages",
        models: [{ id: "c" }],
      },
      mock: { api: "mock", params: { ttftMs: 0 } },
    },
  },
  agents: {
    defaults: {
      model: { primary: "up/m", fallbacks: ["claude/c", "mock/echo"] },
      models: { "up/m": { alias: "x", params: { temperature: 1 } } },
      timeoutSeconds: 60,
    },
    list: [
      { id: "main", default: true },
      { id: "other", model: "claude/c", name: "O" },
    ],
  },
  gateway: {
    port: 0,
    bind: "loopback",
    auth: { mode: "token", token: TOKEN, rateLimit: { maxAttempts: 5, windowMs: 1000, lockoutMs: 1000 } },
    trustedProxies: ["10.0.0.0/8"],
    http: { endpoints: { chatCompletions: { enabled: true } } },
    reload: { mode: "hybrid", debounceMs: 300 },
  },
  logging: { level: "info", redactPatterns: ["canary-[a-z0-9]+"] },
  auth: { cooldowns: { billingBackoffHours: 5 } },
  edge: {
    limits: { bodyBytes: 1000000, inflight: 10 },
    timeouts: { deadlineSeconds: 30 },
    cors: { allowOrigins: ["https://a.test"] },
    providers: { up: { inflight: 2, rotation: "lru" } },
    failover: { attemptsMax: 3 },
    receipts: "full",
  },
};

const folder = mkdtempSync(join(tmpdir(), "openclaw-edge-fuzz-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "openclaw.json");

interface Written {
  readonly tree: readonly TreeEdit[];
  readonly bytes: readonly ByteEdit[];
}

const PIECES = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "//",
  "/*",
  "'",
  '"',
  "${",
  "${FUZZ_KEY}",
  "$include: ",
  "NaN",
  "+1",
  "\\\n",
  "\u00ef\u00bb\u00bf",
  "__proto__: ",
];

async function loads({ tree, bytes }: Written): Promise<void> {
  const text = mangled(JSON.stringify(edited(FILE, tree), null, 1), bytes);
  writeFileSync(path, text, "latin1");
  const result = await loadSnapshot(loadInput(folder, { flags: { config: path }, env: { FUZZ_KEY: KEY } }));
  const complaints = result.ok ? result.warnings : result.complaints;
  if (!result.ok)
    assert.ok(
      complaints.some(({ severity }) => severity === "error"),
      "a refusal has a reason",
    );
  for (const complaint of complaints) {
    assert.match(complaint.code, /^[a-z_]+$/);
    assert.ok(complaint.message.length > 3);
    const told = renderComplaint(complaint);
    assert.ok(!told.includes(KEY) && !told.includes(TOKEN), `a secret is told: ${complaint.code} ${complaint.path}`);
  }
}

/** Laws of configs. */
export const CONFIGS: readonly FuzzTarget[] = [
  target<Written>({
    name: "config",
    says: "A file that is nearly right loads, or is refused with reasons that tell no secret.",
    cost: 5,
    input: fc.record({ tree: treeEdits, bytes: fc.oneof(fc.constant([]), byteEdits(PIECES, 3)) }),
    check: loads,
  }),
];
