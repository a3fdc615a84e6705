// Verbs that ask the running gateway, at every kind of door: https, client certificates, an admin port, a proxy's users, another container.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CERTIFICATE, CERTIFICATE_KEY } from "../support/certificate.ts";
import { CliRoom, SECRETS } from "../support/cli.ts";
import { type Edge, startEdge } from "../support/edge.ts";

const room = new CliRoom();
const running: Edge[] = [];
let pem: { readonly certPath: string; readonly keyPath: string; readonly caPath: string };

beforeAll(() => {
  pem = {
    certPath: room.file("cert.pem", CERTIFICATE),
    keyPath: room.file("key.pem", CERTIFICATE_KEY),
    caPath: room.file("ca.pem", CERTIFICATE),
  };
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((edge) => edge.stop("SIGKILL")));
});
afterAll(() => room.remove());

/** Starts a gateway whose door is made so, and gives what runs verbs with its config. */
async function behind(gateway: object, { admin = false } = {}) {
  const configAt = (port: number, adminPort: number): object => ({
    gateway: { port, auth: { token: SECRETS.token }, ...gateway },
    models: { mode: "replace", providers: { mock: { api: "mock" } } },
    agents: { defaults: { model: "mock/echo" } },
    edge: admin ? { admin: { port: adminPort } } : {},
  });
  const edge = await startEdge({
    config: configAt(0, 0),
    port: "file",
    until: "listening",
    env: { OPENCLAW_GATEWAY_TOKEN: null },
  });
  running.push(edge);
  const line = await edge.logged(({ msg }) => msg === "listening", "the addresses");
  const [opened = "http://127.0.0.1:0"] = (line["admin"] as readonly string[] | undefined) ?? [];
  const path = room.file("openclaw.json", configAt(Number(new URL(edge.url).port), Number(new URL(opened).port)));
  return (words: string) => room.run(`${words} --config ${path}`);
}

const tls = (more: object = {}): object => ({
  tls: { enabled: true, certPath: pem.certPath, keyPath: pem.keyPath, ...more },
});

it("a door with a certificate of its own is trusted by every verb", async () => {
  const run = await behind(tls());
  for (const line of ["status --require-rpc", "healthcheck --ready", "reload", "infer model run --gateway --prompt hi"])
    expect(await run(line), line).toMatchObject({ code: 0, stderr: "" });
  expect(await run("bench --requests 2 --connections 1")).toMatchObject({ code: 0 });
});

describe("a door for clients with certificates", () => {
  const clients = (): object => tls({ caPath: pem.caPath });

  it("lives, and who has no certificate is told so", async () => {
    const run = await behind(clients());
    expect(await run("healthcheck")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^live: .* asks for a client certificate\n$/),
    });
    expect(await run("healthcheck --ready")).toMatchObject({ code: 4 });
    expect((await run("status")).stdout).toMatch(/^Runtime: unknown$/m);
    expect(await run("reload")).toMatchObject({ code: 4, stderr: expect.stringContaining("open edge.admin") });
    expect((await run("explain openclaw")).stdout).toContain("asks for a client certificate: health unknown");
    expect((await run("doctor --offline")).stdout).toMatch(/^✓ port .* asks for client certificates$/m);
  });

  it("tells how it is at the admin port, where there is one", async () => {
    const run = await behind(clients(), { admin: true });
    expect(await run("healthcheck --ready")).toMatchObject({ code: 0 });
    expect((await run("status")).stdout).toMatch(/^Runtime: running \(pid \d+/m);
    expect(await run("reload")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^(reloaded|nothing changed)/),
    });
    expect((await run("explain openclaw")).stdout).toContain("all candidates are ready");
  });
});

describe("a door that knows callers by a proxy", () => {
  const auth = (more: object = {}): object => ({
    trustedProxies: ["127.0.0.1"],
    auth: { mode: "trusted-proxy", trustedProxy: { userHeader: "x-user" }, ...more },
  });

  it("has the health of a stranger for us: reload says what would help", async () => {
    const run = await behind(auth());
    expect(await run("status")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Runtime: running/m) });
    expect(await run("reload")).toMatchObject({ code: 4, stderr: expect.stringContaining("gateway.auth.password") });
  });

  it("lets programs of its machine in by the password", async () => {
    const run = await behind(auth({ password: SECRETS.token }));
    expect(await run("status --require-rpc")).toMatchObject({ code: 0 });
    expect(await run("reload")).toMatchObject({ code: 0 });
  });
});

it("reload signals nobody when the gateway is in another container, where ids are others", async () => {
  const bystander = spawn("sleep", ["60"]);
  const gateway = createServer((_request, response) => {
    response.end(JSON.stringify({ ready: true, pid: bystander.pid, pidSpace: "elsewhere", reload: { readings: 0 } }));
  }).listen(0, "127.0.0.1");
  await once(gateway, "listening");
  const { port } = gateway.address() as AddressInfo;
  const path = room.file("contained.json", {
    gateway: { port, auth: { token: SECRETS.token } },
    models: { mode: "replace", providers: { mock: { api: "mock" } } },
    agents: { defaults: { model: "mock/echo" } },
  });
  const { code, stderr } = await room.run(`reload --config ${path}`);
  expect([code, stderr]).toEqual([4, expect.stringContaining("runs in another container or on another machine")]);
  bystander.kill("SIGTERM");
  // A hangup would have come first.
  expect(await once(bystander, "exit")).toEqual([null, "SIGTERM"]);
  gateway.close();
});
