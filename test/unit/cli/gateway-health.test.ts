// Asking the gateway of a config how its providers are: real doors, and strangers on its port.
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { rootCertificates } from "node:tls";
import { describe, expect, it } from "vitest";
import { gatewayHealth } from "../../../src/cli/gateway-health.ts";
import { Secret } from "../../../src/core/secret.ts";
import type { AuthSettings, GatewaySettings } from "../../../src/core/snapshot.ts";
import type { NotReady } from "../../../src/core/standing.ts";
import { auth, DoorKit, gateway, snapshot, TOKEN } from "../server/door-kit.ts";
import { CERTIFICATE, CERTIFICATE_KEY } from "../../support/certificate.ts";

const COOLING: Omit<NotReady, "until"> = {
  of: "credential",
  provider: "acme",
  target: null,
  credential: "acme#1",
  state: "cooling",
  reason: "billing",
  failures: 1,
};
const notReady = (now: number): NotReady[] => [{ ...COOLING, until: now + 5_000 }];
const LINE = { ...COOLING, recoversInMs: 5_000 };

/** What a config whose gateway listens on this port hears. */
async function heard(port: number, settings: Partial<GatewaySettings> = {}, madeUp = false) {
  const known = { snapshot: snapshot({ gateway: gateway({ port, ...settings }) }) };
  const { health, note } = await gatewayHealth({ ...known, generatedToken: madeUp ? new Secret(TOKEN) : null });
  return { health, note: note.replace(String(port), "PORT") };
}

function open(settings: Partial<GatewaySettings> = {}): Promise<DoorKit> {
  return DoorKit.open({ snapshot: snapshot({ gateway: gateway(settings) }), parts: { notReady } });
}

const portOf = ({ url }: DoorKit): number => Number(new URL(url).port);
const ASKED = "gateway at 127.0.0.1:PORT";
const NOBODY = { health: null, note: "no running gateway at 127.0.0.1:PORT: health unknown" };
const SILENT = {
  health: null,
  note: "the gateway at 127.0.0.1:PORT tells its health only to its own token: health unknown",
};

describe("a running gateway", () => {
  it.each<[mode: string, settings: Partial<AuthSettings>]>([
    ["token", {}],
    ["password", { mode: "password", token: null, password: new Secret("a-password-of-the-gateway") }],
    ["none", { mode: "none", token: null }],
  ])("in mode %s tells what cools", async (_mode, settings) => {
    await using kit = await open({ auth: auth(settings) });
    const port = portOf(kit);
    const { health, note } = await heard(port, { auth: auth(settings) });
    expect(note).toBe(ASKED);
    expect(health).toEqual({ gateway: `127.0.0.1:${port}`, revision: "revision-1", notReady: [LINE], learned: [] });
  });

  it("tells it while it is not ready, too", async () => {
    await using kit = await open();
    kit.door.lobby.leaving = true;
    expect((await heard(portOf(kit))).health?.notReady).toEqual([LINE]);
  });

  it("is said to run with another revision where it does", async () => {
    await using kit = await open();
    kit.holder.current = { ...kit.holder.current, revision: "revision-0" };
    expect((await heard(portOf(kit))).note).toBe(`${ASKED}, which runs with another revision of this config`);
  });

  it.each<[sentence: string, settings: Partial<AuthSettings>, madeUp: boolean]>([
    ["whose token is another one", { token: new Secret("another-token-than-the-gateway-has") }, false],
    ["whose token cannot be known: ours was made up just now", {}, true],
  ])("%s keeps it to itself", async (_sentence, settings, madeUp) => {
    await using kit = await open();
    expect(await heard(portOf(kit), { auth: auth(settings) }, madeUp)).toEqual(SILENT);
  });

  it("that trusts a proxy keeps it to itself: nobody here has a credential", async () => {
    const trustedProxy = {
      userHeader: "x-user",
      requiredHeaders: [],
      allowUsers: [],
      allowLoopback: true,
      allowedOrigins: [],
    };
    const settings = auth({ mode: "trusted-proxy", token: null, trustedProxy, trustedProxies: ["10.0.0.1"] });
    await using kit = await open({ auth: settings });
    expect(await heard(portOf(kit), { auth: settings })).toEqual(SILENT);
  });

  it("behind TLS is known by the key of its certificate", async () => {
    const tls = { cert: CERTIFICATE, key: new Secret(CERTIFICATE_KEY), clientCa: null };
    await using kit = await open({ tls });
    expect((await heard(portOf(kit), { tls })).note).toBe(ASKED);
    const [other = ""] = rootCertificates;
    expect(await heard(portOf(kit), { tls: { ...tls, cert: other } })).toEqual(NOBODY);
    expect(await heard(portOf(kit))).toEqual(NOBODY);
  });
});

describe("no gateway", () => {
  it.each<[sentence: string, listener: RequestListener]>([
    ["that never answers", () => undefined],
    ["that never ends its answer", (_request, response) => response.write("{")],
    ["that sends a page", (_request, response) => response.end("<html>")],
    ["that sends other JSON", (_request, response) => response.end("[]")],
    ["that hangs up", (request) => request.socket.destroy()],
  ])("is a server %s", async (_sentence, listener) => {
    const server = createServer(listener).listen(0, "127.0.0.1");
    await once(server, "listening");
    expect(await heard((server.address() as AddressInfo).port)).toEqual(NOBODY);
    server.closeAllConnections();
    server.close();
  });

  it("is where nobody listens", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    expect(await heard(port)).toEqual(NOBODY);
  });
});
