import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { getuid } from "node:process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LoadResult, loadSnapshot } from "../../../src/config/load-snapshot.ts";
import { CERTIFICATE, CERTIFICATE_KEY } from "../../support/certificate.ts";
import { loadInput, type LoadChanges } from "../../support/load-input.ts";
import { said } from "./compile-rig.ts";

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "edge-load-"));
  await mkdir(join(root, ".openclaw"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const NOW = Date.UTC(2026, 10, 21);
const LOCAL = '{ models: { providers: { local: { baseUrl: "http://127.0.0.1:1/v1", models: [{ id: "m" }] } } } }';

async function load(changes: LoadChanges = {}, text: string | null = null): Promise<LoadResult> {
  if (text !== null) await writeFile(join(root, ".openclaw", "openclaw.json"), text);
  return loadSnapshot(loadInput(root, { cores: 4, wallMs: NOW, serves: true, ...changes }));
}

function complaintsOf(result: LoadResult): string[] {
  return said(result.ok ? result.warnings : result.complaints);
}

describe("where nothing is configured", () => {
  it("the mock serves on loopback without a credential", async () => {
    const result = await load();
    expect(result).toMatchObject({
      ok: true,
      source: "embedded default",
      warnings: [],
      generatedToken: null,
      files: [],
    });
    expect(result.ok && result.snapshot.gateway).toMatchObject({
      port: 18_789,
      hosts: ["127.0.0.1", "::1"],
      auth: { mode: "none" },
    });
  });

  it("the mock is not served to others without a credential", async () => {
    expect(complaintsOf(await load({ flags: { bind: "lan" } }))).toEqual(["error open_gateway gateway.bind"]);
  });

  it("a token guards the mock when one is there", async () => {
    const result = await load({ env: { OPENCLAW_GATEWAY_TOKEN: "t" } });
    expect(result.ok && result.snapshot.gateway.auth.mode).toBe("token");
  });

  it("a hosted key needs a token: made up where a person watches", async () => {
    const result = await load({ env: { OPENAI_API_KEY: "k" }, interactive: true });
    expect(result.ok && [result.generatedToken?.reveal(), result.snapshot.gateway.auth.mode, result.found]).toEqual([
      "cd".repeat(24),
      "token",
      "keys in the environment: openai/gpt-5.5",
    ]);
  });

  it("a hosted key without anybody watching is refused, naming the variable", async () => {
    const result = await load({ env: { OPENAI_API_KEY: "k" } });
    expect(complaintsOf(result)).toEqual(["error token_missing gateway.auth"]);
    expect(!result.ok && result.complaints[0]?.message).toContain("OPENCLAW_GATEWAY_TOKEN");
  });

  it("a hosted key may lie in a .env file", async () => {
    await writeFile(join(root, ".env"), "GROQ_API_KEY=k\nOPENCLAW_GATEWAY_TOKEN=t\n");
    const result = await load();
    expect(result.ok && result.found).toBe("keys in the environment: groq/llama-3.3-70b-versatile");
  });
});

describe("a file", () => {
  it.each<[string, LoadChanges]>([
    ["by option", { flags: { config: "missing.json" } }],
    ["by variable", { env: { OPENCLAW_CONFIG_PATH: "missing.json" } }],
  ])("that is named %s and missing is an error, with or without keys", async (_what, changes) => {
    const result = await load({
      ...changes,
      env: { OPENAI_API_KEY: "k", OPENCLAW_GATEWAY_TOKEN: "t", ...changes.env },
    });
    expect(result).toMatchObject({ ok: false, source: join(root, "missing.json") });
    expect(complaintsOf(result)).toEqual(["error file_missing"]);
  });

  it("without a credential needs one, whatever it leads to", async () => {
    expect(complaintsOf(await load({}, LOCAL))).toEqual(["error token_missing gateway.auth"]);
    expect((await load({ interactive: true }, LOCAL)).ok).toBe(true);
  });

  it("loads with its path, its files and its places", async () => {
    const path = join(root, ".openclaw", "openclaw.json");
    const result = await load({ flags: { token: "t" } }, `{\n  agents: { defaults: { model: "gorq/x" } },\n}`);
    expect(result).toMatchObject({ ok: false, source: path, files: [path] });
    expect(!result.ok && result.complaints[0]).toMatchObject({
      file: path,
      line: 2,
      column: 25,
      path: "agents.defaults.model",
      suggestion: "groq/x",
    });
  });

  it("with a mistake in it gives the reader's complaints", async () => {
    expect(complaintsOf(await load({}, "{ gateway: { prot: 1 } }"))).toEqual(["error unknown_key gateway.prot"]);
  });

  it("gives the same revision for the same content", async () => {
    const [one, two] = [await load({ flags: { token: "t" } }, LOCAL), await load({ flags: { token: "t" } }, LOCAL)];
    expect(one.ok && two.ok && one.snapshot.revision === two.snapshot.revision).toBe(true);
  });

  it("whose agent nobody can serve starts all the same, with an error for validate", async () => {
    const result = await load({ flags: { token: "t" } }, '{ agents: { defaults: { model: "openai/gpt-5.5" } } }');
    expect(result.ok).toBe(true);
    expect(complaintsOf(result)).toEqual([
      "error agent_unusable agents.defaults.model",
      "warning missing_credential agents.defaults.model",
    ]);
  });

  it("beside stored logins of OpenClaw warns once how to move them", async () => {
    await writeFile(join(root, ".openclaw", "auth-profiles.json"), "{}");
    const result = await load({ flags: { token: "t" } }, LOCAL);
    expect(complaintsOf(result)).toEqual(["warning auth_profiles"]);
    expect(result.ok && result.warnings[0]?.file).toBe(join(root, ".openclaw", "auth-profiles.json"));
  });

  it.each<[string, LoadChanges, string, number]>([
    ["the option", { flags: { port: "1" }, env: { OPENCLAW_GATEWAY_PORT: "2" } }, "3", 1],
    ["then the variable", { env: { OPENCLAW_GATEWAY_PORT: "2" } }, "3", 2],
    ["then the file", {}, "3", 3],
    ["a free one", { flags: { port: "0" } }, "3", 0],
  ])("has its port from %s", async (_what, changes, port, expected) => {
    const result = await load(
      { ...changes, flags: { token: "t", ...changes.flags } },
      `{ gateway: { port: ${port} } }`,
    );
    expect(result.ok && result.snapshot.gateway.port).toBe(expected);
  });

  it("with a port that is none is an error", async () => {
    const result = await load({ flags: { token: "t", port: "http" } }, LOCAL);
    expect(!result.ok && result.complaints[0]?.message).toContain('"http"');
  });
});

describe("settings of the process", () => {
  it("come from the file", async () => {
    const text = `{
      gateway: { bind: "lan", http: { endpoints: { responses: { enabled: false } }, securityHeaders: { strictTransportSecurity: "max-age=1" } } },
      edge: { models: { expose: "all" }, receipts: "minimal", cors: { allowOrigins: ["https://a.example"] }, limits: { bodyBytes: 5 }, stream: { keepAliveSeconds: 0.5 }, failover: { attemptsMax: 2, emptyAnswer: "accept" }, timeouts: { streamSeconds: 9, headSeconds: 1, bodySeconds: 2, writeIdleSeconds: 3 }, drain: { deadlineSeconds: 4 } },
      auth: { cooldowns: { rateLimitedProfileRotations: 0 } },
      logging: { level: "debug", redactSensitive: "off", redactPatterns: ["a+"] },
      plugins: { entries: { "diagnostics-prometheus": { enabled: false } } },
    }`;
    const result = await load({ flags: { token: "t".repeat(30) } }, text);
    expect(result.ok && result.snapshot).toMatchObject({
      expose: "all",
      metrics: "no-path",
      logging: { level: "debug", redact: false, redactPatterns: ["a+"] },
      limits: { bodyBytes: 5, headerBytes: 16_384, depth: 64, inflight: 2000 },
      behaviour: {
        attemptsMax: 2,
        emptyAnswer: "accept",
        keepAliveMs: 500,
        streamMs: 9000,
        overloadedBackoffMs: 0,
        rotations: { rateLimited: 0, overloaded: 1 },
      },
      gateway: {
        hosts: ["0.0.0.0"],
        endpoints: {
          chat: true,
          responses: false,
          messages: true,
          "count-tokens": true,
          embeddings: true,
          models: true,
        },
        strictTransportSecurity: "max-age=1",
        corsAllowOrigins: ["https://a.example"],
        receipts: "minimal",
        headMs: 1000,
        bodyMs: 2000,
        writeIdleMs: 3000,
        drain: { preStopMs: 5000, deadlineMs: 4000 },
      },
    });
  });

  it.each<[string, Record<string, string>, string, string[]]>([
    ["the variable's", { OPENCLAW_LOG_LEVEL: "WARN" }, "warn", []],
    [
      "the file's, where the variable is nonsense",
      { OPENCLAW_LOG_LEVEL: "loud" },
      "error",
      ["warning wrong_value OPENCLAW_LOG_LEVEL"],
    ],
  ])("have a log level: %s", async (_what, env, level, expected) => {
    const result = await load(
      { env: { OPENCLAW_GATEWAY_TOKEN: "t", ...env } },
      '{ logging: { level: "error" }, models: { providers: { m: { api: "mock", models: [{ id: "echo" }] } } } }',
    );
    expect(result.ok && result.snapshot.logging.level).toBe(level);
    expect(complaintsOf(result)).toEqual(expected);
  });
});

const tls = (more: string) => `{ gateway: { tls: { enabled: true, ${more} } } }`;
const OTHER_KEY = generateKeyPairSync("ec", { namedCurve: "P-256" })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();
const withToken = { flags: { token: "t" } };

describe("certificates of our own door", () => {
  it("are read from beside the config", async () => {
    await writeFile(join(root, ".openclaw", "cert.pem"), CERTIFICATE);
    await writeFile(join(root, ".openclaw", "key.pem"), CERTIFICATE_KEY);
    const result = await load(withToken, tls('certPath: "cert.pem", keyPath: "key.pem", caPath: "cert.pem"'));
    expect(result.ok && result.snapshot.gateway.tls).toMatchObject({ cert: CERTIFICATE, clientCa: CERTIFICATE });
    expect(result.ok && result.snapshot.gateway.tls?.key.reveal()).toBe(CERTIFICATE_KEY);
  });

  it.each<[sentence: string, cert: string, key: string, place: string]>([
    ["a certificate that is none", "-----BEGIN X-----\n", CERTIFICATE_KEY, "gateway.tls.certPath"],
    ["a key that is none", CERTIFICATE, "-----BEGIN X-----\n", "gateway.tls.keyPath"],
    ["the key of another certificate", CERTIFICATE, OTHER_KEY, "gateway.tls.keyPath"],
  ])("are refused: %s", async (_sentence, cert, key, place) => {
    await writeFile(join(root, ".openclaw", "cert.pem"), cert);
    await writeFile(join(root, ".openclaw", "key.pem"), key);
    const result = await load(withToken, tls('certPath: "cert.pem", keyPath: "key.pem"'));
    expect(complaintsOf(result)[0]).toBe(`error tls_file ${place}`);
  });

  it("are made where the config says so and there are none, and stay", async () => {
    const first = await load(withToken, tls("autoGenerate: true"));
    expect(complaintsOf(first)).toContain("warning tls_generated gateway.tls.autoGenerate");
    const again = await load(withToken);
    const certs = [first, again].map((result) => (result.ok ? (result.snapshot.gateway.tls?.cert ?? "") : ""));
    expect(certs[0]).toBe(certs[1]);
    expect(complaintsOf(again)).not.toContain("warning tls_generated gateway.tls.autoGenerate");
    const { subject, subjectAltName, ca, validTo } = new X509Certificate(certs[0] ?? "");
    expect([subject, ca, Date.parse(validTo)]).toEqual(["CN=localhost", false, NOW + 825 * 86_400_000]);
    expect(subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
    const { mode } = await stat(join(root, ".openclaw", "gateway", "tls", "gateway-key.pem"));
    expect(mode & 0o777).toBe(0o600);
  });

  it("are made where the file names no place for them, as OpenClaw does", async () => {
    const result = await load({ ...withToken, serves: false }, "{ gateway: { tls: { enabled: true } } }");
    expect(result.ok && result.snapshot.gateway.tls !== null).toBe(true);
    const refused = await load(withToken, tls("autoGenerate: false"));
    expect(complaintsOf(refused)[0]).toBe("error tls_file gateway.tls.certPath");
  });

  it("are read from the home folder where a path begins with ~", async () => {
    await writeFile(join(root, "cert.pem"), CERTIFICATE);
    await writeFile(join(root, "key.pem"), CERTIFICATE_KEY);
    const text = tls('certPath: "~/cert.pem", keyPath: "~/key.pem"');
    const result = await load({ ...withToken, env: { HOME: root } }, text);
    expect(result.ok && result.snapshot.gateway.tls?.cert).toBe(CERTIFICATE);
  });

  it("are made and not kept for commands that only look", async () => {
    const result = await load({ ...withToken, serves: false }, tls("autoGenerate: true"));
    expect(result.ok && result.snapshot.gateway.tls !== null).toBe(true);
    expect(existsSync(join(root, ".openclaw", "gateway"))).toBe(false);
  });

  it("are an error where they cannot be kept", async () => {
    await writeFile(join(root, ".openclaw", "gateway"), "no folder");
    const result = await load(withToken, tls("autoGenerate: true"));
    expect(complaintsOf(result)[0]).toBe("error tls_file gateway.tls.autoGenerate");
  });

  it("are told when they have expired, and serve all the same", async () => {
    await writeFile(join(root, ".openclaw", "cert.pem"), CERTIFICATE);
    await writeFile(join(root, ".openclaw", "key.pem"), CERTIFICATE_KEY);
    const later = { ...withToken, wallMs: Date.UTC(2130, 0, 1) };
    const result = await load(later, tls('certPath: "cert.pem", keyPath: "key.pem"'));
    expect([result.ok, complaintsOf(result)[0]]).toEqual([true, "warning tls_expired gateway.tls.certPath"]);
  });

  it("are an error, each at its place, when they are missing or none", async () => {
    await writeFile(join(root, ".openclaw", "cert.pem"), "text");
    const result = await load(withToken, tls('certPath: "cert.pem"'));
    expect(complaintsOf(result).slice(0, 2)).toEqual([
      "error tls_file gateway.tls.certPath",
      "error tls_file gateway.tls.keyPath",
    ]);
    expect(complaintsOf(await load(withToken, tls('certPath: "no.pem", keyPath: "no.pem"')))[0]).toContain("tls_file");
  });
});

describe("a secret that a container platform mounts", () => {
  const asRootWithMemory = getuid?.() === 0 && existsSync("/dev/shm");
  it.skipIf(!asRootWithMemory)("as root's, readable by the group, in memory: a warning", async () => {
    const folder = await mkdtemp("/dev/shm/edge-");
    try {
      const path = join(folder, "key");
      await writeFile(path, "k\n");
      await chmod(path, 0o440);
      const text = `{ models: { providers: { p: { baseUrl: "https://p.example", apiKey: { source: "file", provider: "f", id: "value" }, models: [{ id: "m" }] } } }, secrets: { providers: { f: { source: "file", path: "${path}", mode: "singleValue" } } } }`;
      const result = await load({ flags: { token: "t" } }, text);
      expect(complaintsOf(result)).toEqual(["warning secret_file secrets.providers"]);
      expect(result.ok && result.snapshot.targets.get("p/m")?.credentials[0]?.headers.reveal()).toContain("Bearer k");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
