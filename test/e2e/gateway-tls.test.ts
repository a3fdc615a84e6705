// https on our own door: live handshakes, client certificates, and certificates that are exchanged while streams run.
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, type RequestOptions, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { CERTIFICATE, CERTIFICATE_KEY, OTHER_CERTIFICATE, OTHER_CERTIFICATE_KEY } from "../support/certificate.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { readChat } from "../support/sse.ts";

let provider: Provider;
let edge: Edge;
let folder = "";

beforeAll(async () => {
  provider = await startProvider();
});
afterAll(async () => {
  await provider.close();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edge-tls-"));
  write(CERTIFICATE, CERTIFICATE_KEY);
  writeFileSync(join(folder, "ca.pem"), CERTIFICATE);
});
afterEach(async () => {
  await edge.stop("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function write(cert: string, key: string): void {
  writeFileSync(join(folder, "cert.pem"), cert);
  writeFileSync(join(folder, "key.pem"), key);
}

const configWith = (more: object = {}): object => {
  const tls = { enabled: true, certPath: join(folder, "cert.pem"), keyPath: join(folder, "key.pem"), ...more };
  return chainConfig({ a: provider.url }, { gateway: { tls } });
};
const clientCa = { caPath: "ca.pem" };

async function start(more: object = {}): Promise<void> {
  const config = configWith("caPath" in more ? { ...more, caPath: join(folder, "ca.pem") } : more);
  edge = await startEdge({ config, until: "listening" });
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

function get(options: RequestOptions = {}, body: string | null = null): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const url = `${edge.url}${body === null ? "/v1/models" : "/v1/chat/completions"}`;
  const asking = request(url, {
    ca: CERTIFICATE,
    headers: edge.headers(),
    method: body === null ? "GET" : "POST",
    ...options,
  });
  asking.on("error", reject);
  asking.on("response", (response) => {
    response
      .toArray()
      .then((parts: Buffer[]) => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }), reject);
  });
  asking.end(body ?? undefined);
  return promise;
}

/** A handshake only: the certificate that the server shows. */
async function shownCertificate(): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket: TLSSocket = connect(
    { host: "127.0.0.1", port: Number(new URL(edge.url).port), rejectUnauthorized: false },
    () => {
      resolve(socket.getPeerX509Certificate()?.subject ?? "");
      socket.destroy();
    },
  );
  socket.on("error", reject);
  return promise;
}

describe("gateway.tls", () => {
  it("serves https with the certificate of the file, and nothing on plain http", async () => {
    await start();
    expect(edge.url).toMatch(/^https:/);
    expect((await get()).status).toBe(200);
    await expect(get({ ca: OTHER_CERTIFICATE })).rejects.toThrow(/self-signed certificate/);
    await expect(fetch(edge.url.replace("https", "http"))).rejects.toThrow();
  });

  it.each([
    ["TLSv1.2", true],
    ["TLSv1.3", true],
    ["TLSv1.1", false],
  ] as const)("%s: %s", async (version, served) => {
    await start();
    const asked = get({ minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" }).then(
      ({ status }) => status === 200,
      () => false,
    );
    expect(await asked).toBe(served);
  });

  it.each<[sentence: string, options: RequestOptions, served: boolean]>([
    ["with a certificate of the authority is served", { cert: CERTIFICATE, key: CERTIFICATE_KEY }, true],
    ["without one is not", {}, false],
    ["with one of another authority is not", { cert: OTHER_CERTIFICATE, key: OTHER_CERTIFICATE_KEY }, false],
  ])("caPath: a client %s", async (_sentence, options, served) => {
    await start(clientCa);
    const asked = get(options).then(
      ({ status }) => status === 200,
      () => false,
    );
    expect(await asked).toBe(served);
  });

  it("a certificate that is exchanged serves new connections, and no stream or connection ends for it", async () => {
    await start();
    using agent = disposable(new Agent({ keepAlive: true, maxSockets: 1 }));
    expect((await get({ agent: agent.it })).status).toBe(200);
    provider.on("m", play.answer({ paceMs: 150 }));
    const stream = get({}, JSON.stringify({ stream: true, messages: [{ role: "user", content: "hi" }] }));
    await provider.request();
    write(OTHER_CERTIFICATE, OTHER_CERTIFICATE_KEY);
    const line = await edge.logged(({ msg }) => msg === "config reloaded", "the reload");
    expect(line["changed"]).toEqual(["gateway.tls.certPath", "gateway.tls.keyPath"]);
    expect(await shownCertificate()).toContain("other throw-away");
    // A new connection would be refused: this client trusts the first certificate only.
    expect((await get({ agent: agent.it })).status).toBe(200);
    expect(readChat((await stream).body)).toMatchObject({ finish: "stop", dones: 1, errors: [] });
  });

  it("a key that does not fit is not taken; the pair that was there serves on", async () => {
    await start();
    writeFileSync(join(folder, "key.pem"), OTHER_CERTIFICATE_KEY);
    const line = await edge.logged(({ msg }) => String(msg).startsWith("config reload skipped"), "the refusal");
    expect(JSON.stringify(line["complaints"])).toContain("is not the key of the certificate");
    expect((await get()).status).toBe(200);
  });

  it("autoGenerate: a handshake with the certificate that was made, which openssl reads, too", async () => {
    const home = join(folder, "made");
    await start({ autoGenerate: true, certPath: join(home, "cert.pem"), keyPath: join(home, "key.pem") });
    const line = await edge.logged(({ code }) => code === "tls_generated", "the word of it");
    const path = join(home, "cert.pem");
    const cert = readFileSync(path, "utf8");
    expect(String(line["msg"])).toContain(new X509Certificate(cert).fingerprint256);
    expect((await get({ ca: cert })).status).toBe(200);
    await expect(get()).rejects.toThrow();
    const openssl = spawnSync("openssl", ["verify", "-CAfile", path, "-verify_ip", "127.0.0.1", path]);
    // Where there is no openssl, the handshake above has to do.
    if (openssl.error === undefined) expect(openssl.stdout.toString()).toContain("cert.pem: OK");
  });

  it("can be switched on, and clients be asked for certificates, while the process runs", async () => {
    edge = await startEdge({ config: chainConfig({ a: provider.url }) });
    const swaps = (count: number) =>
      edge.child.until(() => edge.logs.filter(({ msg }) => msg === "config reloaded")[count - 1], `reload ${count}`);
    edge.writeConfig(configWith());
    await swaps(1);
    const https = { url: edge.url.replace("http:", "https:") };
    Object.assign(edge, https);
    expect((await get()).status).toBe(200);
    edge.writeConfig(configWith({ caPath: join(folder, "ca.pem") }));
    await swaps(2);
    await expect(get()).rejects.toThrow();
    expect((await get({ cert: CERTIFICATE, key: CERTIFICATE_KEY })).status).toBe(200);
  });
});

function disposable<T extends { destroy(): void }>(it: T): { readonly it: T } & Disposable {
  return { it, [Symbol.dispose]: () => it.destroy() };
}
