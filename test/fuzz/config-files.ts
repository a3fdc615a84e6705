// Configs that are mangled: one that says what most say, and the example that says everything. No command is in them: whatever becomes of
// them, loading starts no program.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluate, parse } from "@humanwhocodes/momoa";
import type { JsonObject } from "../../src/core/json.ts";
import { CERTIFICATE, CERTIFICATE_KEY } from "../support/certificate.ts";

/** What may be in no complaint. */
export const CANARIES = { key: "sk-fuzz-canary-4b1d77aa90", token: "gateway-canary-77aa90c1d2e3f405" } as const;
const { key: KEY, token: TOKEN } = CANARIES;

/** Where they are written and loaded. */
export const FOLDER = mkdtempSync(join(tmpdir(), "openclaw-edge-fuzz-"));
process.once("exit", () => rmSync(FOLDER, { recursive: true, force: true }));

/** What `${…}` and references of both files find. */
export const VARIABLES: Readonly<Record<string, string>> = {
  FUZZ_KEY: KEY,
  EXAMPLE_API_KEY: KEY,
  EXAMPLE_KEY_PASSPHRASE: KEY,
  EXAMPLE_PROXY_PASSPHRASE: KEY,
  OPENCLAW_GATEWAY_TOKEN: TOKEN,
  OPENCLAW_GATEWAY_PASSWORD: TOKEN,
};

/** What most files say. */
export const USUAL: JsonObject = {
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

/** `config/full.json5`, with its secrets in a file of this folder and without its command. */
export const FULL: JsonObject = full();

function full(): JsonObject {
  const text = readFileSync(new URL("../../config/full.json5", import.meta.url), "utf8");
  const written = evaluate(parse(text, { mode: "json5" })) as unknown as FullFile;
  const { helper: _command, vault, ...providers } = written.secrets.providers;
  const { exec: _none, ...defaults } = written.secrets.defaults;
  const path = join(FOLDER, "vault.json");
  const tls = { ca: CERTIFICATE, cert: CERTIFICATE, key: CERTIFICATE_KEY };
  writeFileSync(path, JSON.stringify({ example: { ...tls, "second-key": KEY }, proxy: tls }), { mode: 0o600 });
  return {
    ...written,
    secrets: { ...written.secrets, providers: { ...providers, vault: { ...vault, path } }, defaults },
  };
}

type FullFile = JsonObject & {
  readonly secrets: JsonObject & {
    readonly providers: Readonly<Record<"helper" | "vault", JsonObject>>;
    readonly defaults: JsonObject;
  };
};
