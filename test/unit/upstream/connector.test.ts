import type { LookupAddress } from "node:dns";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { FailureKind } from "../../../src/core/failure.ts";
import type { Transport, TransportTls } from "../../../src/core/snapshot.ts";
import { CERTIFICATE } from "../../support/certificate.ts";
import { always, answer, RawProvider, type Script } from "./raw-provider.ts";
import { turns, Upstream } from "./recorder.ts";

const NO_TLS: TransportTls = { ca: null, cert: null, key: null, passphrase: null, serverName: null };

/** A resolver that knows these answers, in turn; the last one stays. */
function resolver(...answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const lookup = (name: string, resolved: (error: Error | null, addresses: LookupAddress[]) => void): void => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(name);
    resolved(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return { asked, lookup };
}

/** The port of a server that has just gone. */
async function deadPort(): Promise<number> {
  const provider = await RawProvider.listen(() => {});
  const { port } = provider;
  await provider[Symbol.asyncDispose]();
  return port;
}

afterEach(() => vi.unstubAllEnvs());

describe("no connection", () => {
  it("to a closed port is connect-failed (U01)", async () => {
    await using upstream = new Upstream();
    const heard = await upstream.ask({ origin: `http://127.0.0.1:${await deadPort()}` });
    expect(heard.notes).toEqual(["fail connect-failed"]);
    expect(heard.failure).toMatchObject({ code: "upstream_unreachable", phase: "connect", replaySafe: false });
    expect(heard.failure?.message).not.toMatch(/127|\d{4}/);
    expect(heard.failure?.detail).toContain("ECONNREFUSED");
  });

  it("to a name that several closed ports answer for is connect-failed", async () => {
    const { lookup } = resolver(["127.0.0.1", "127.0.0.2"]);
    await using upstream = new Upstream({ lookup });
    const heard = await upstream.ask({ origin: `http://provider.test:${await deadPort()}` });
    expect(heard.failure).toMatchObject({ kind: "connect-failed", code: "upstream_unreachable", phase: "connect" });
  });

  it("to a name that does not exist is a failure of DNS, asked again only after five seconds (U03)", async () => {
    let asked = 0;
    await using upstream = new Upstream({
      lookup: (name, resolved) => {
        asked += 1;
        resolved(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: "ENOTFOUND" }), []);
      },
    });
    const origin = "http://nowhere.invalid";
    for (let request = 0; request < 3; request += 1) {
      const { failure } = await upstream.ask({ origin });
      expect(failure).toMatchObject({ kind: "connect-failed", code: "upstream_dns", phase: "connect" });
      expect(failure?.message).not.toContain("nowhere");
    }
    expect(asked).toBe(1);
    upstream.clock.advance(5_000);
    await upstream.ask({ origin });
    expect(asked).toBe(2);
  });

  const SILENT: readonly (readonly [what: string, scheme: "http" | "https", answers: boolean])[] = [
    ["to a server that never answers the handshake", "https", true],
    ["to a name whose resolver never answers", "http", false],
  ];
  it.each(SILENT)("%s is connect-timeout (U06)", async (_what, scheme, answers) => {
    await using provider = await RawProvider.listen(() => {});
    await using upstream = new Upstream({
      lookup: (_name, resolved) => answers && resolved(null, [{ address: "127.0.0.1", family: 4 }]),
    });
    const origin = `${scheme}://provider.test:${provider.port}`;
    const heard = await upstream.ask({ origin, transport: { connectTimeoutMs: 60 } });
    expect(heard.notes).toEqual(["fail connect-timeout"]);
    expect(heard.failure).toMatchObject({ code: null, phase: "connect" });
  });
});

describe("TLS", () => {
  type Row = readonly [what: string, tls: Partial<TransportTls> | null, host: string, outcome: "ok" | FailureKind];
  const ROWS: readonly Row[] = [
    ["a self-signed certificate is refused (U05)", null, "127.0.0.1", "connect-failed"],
    ["a certificate of a configured authority is accepted", { ca: CERTIFICATE }, "127.0.0.1", "ok"],
    ["a name of the certificate is accepted", { ca: CERTIFICATE }, "provider.test", "ok"],
    ["another name is refused (U05)", { ca: CERTIFICATE }, "other.test", "connect-failed"],
    [
      "a configured server name is the one checked",
      { ca: CERTIFICATE, serverName: "provider.test" },
      "other.test",
      "ok",
    ],
    ["a configured authority that is no certificate is refused", { ca: "nonsense" }, "127.0.0.1", "connect-failed"],
    ["a client certificate without its key is refused", { cert: CERTIFICATE, ca: "x" }, "127.0.0.1", "connect-failed"],
  ];
  it.each(ROWS)("%s", async (_what, tls, host, outcome) => {
    await using provider = await RawProvider.listen(always(answer("ok")), { secure: true });
    await using upstream = new Upstream({ lookup: resolver(["127.0.0.1"]).lookup });
    const transport = { tls: tls === null ? null : { ...NO_TLS, ...tls } };
    const heard = await upstream.ask({ origin: provider.origin(host), transport });
    if (outcome === "ok") expect(heard.text).toBe("ok");
    else expect(heard.failure).toMatchObject({ kind: outcome, code: "upstream_tls", phase: "connect" });
    expect(upstream.bugs).toEqual([]);
  });

  it("is verified whatever the environment says", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    await using provider = await RawProvider.listen(always(answer("ok")), { secure: true });
    await using upstream = new Upstream();
    expect((await upstream.ask({ origin: provider.origin() })).failure?.code).toBe("upstream_tls");
  });

  const PLAIN: readonly (readonly [what: string, script: Script, code: string])[] = [
    ["answers in plain HTTP", (side) => void side.write("HTTP/1.1 400 Bad Request\r\n\r\n"), "upstream_tls"],
    ["hangs up", (side) => side.fin(), "upstream_unreachable"],
    ["resets", (side) => side.reset(), "upstream_unreachable"],
  ];
  it.each(PLAIN)(
    "to a plain port that %s fails, and not one byte of the request is sent (U04)",
    async (_w, script, code) => {
      await using provider = await RawProvider.listen(script);
      await using upstream = new Upstream();
      const heard = await upstream.ask({ origin: `https://127.0.0.1:${provider.port}` });
      expect(heard.notes).toEqual(["fail connect-failed"]);
      expect(heard.failure).toMatchObject({ code, phase: "connect" });
    },
  );
});

const allow = (loopback: boolean, privateNetwork: boolean): Partial<Transport> => ({
  allow: { loopback, privateNetwork },
});

describe("the guard at connect", () => {
  const REFUSED: readonly (readonly [
    what: string,
    origin: string,
    transport: Partial<Transport>,
    resolves: readonly string[],
  ])[] = [
    ["a literal of this host", "http://127.0.0.1:9", allow(false, true), []],
    ["its IPv6 literal", "http://[::1]:9", allow(false, true), []],
    ["its decimal spelling", "http://2130706433:9", allow(false, true), []],
    ["a private literal", "http://10.0.0.1:9", allow(true, false), []],
    ["the metadata service", "http://169.254.169.254", allow(true, true), []],
    ["the metadata service by name", "http://metadata.google.internal", allow(true, true), ["203.0.113.1"]],
    ["this host by name", "http://localhost:9", allow(false, true), ["127.0.0.1"]],
    ["an mDNS name", "http://nas.local", allow(true, false), ["93.184.216.34"]],
    ["a name of a private address", "http://provider.test", allow(true, false), ["192.168.1.1"]],
    ["a name of the metadata service", "http://provider.test", allow(true, true), ["169.254.169.254"]],
    ["a name of a mapped address", "http://provider.test", allow(false, false), ["::ffff:127.0.0.1"]],
    ["a public literal without TLS", "http://93.184.216.34", allow(true, true), []],
    ["a name of a public address without TLS", "http://provider.test", allow(true, true), ["93.184.216.34"]],
    ["a name of nothing", "http://provider.test", allow(true, true), []],
  ];
  it.each(REFUSED)("refuses %s", async (_what, origin, transport, resolves) => {
    await using upstream = new Upstream({ lookup: resolver(resolves).lookup });
    const heard = await upstream.ask({ origin, transport });
    expect(heard.notes).toEqual(["fail connect-failed"]);
    expect(heard.failure).toMatchObject({
      code: "upstream_unreachable",
      message: "The provider's address is not allowed.",
    });
    expect(heard.failure?.detail).toContain("ERR_EGRESS_REFUSED");
  });

  it("dials only the allowed ones of mixed addresses (X03)", async () => {
    await using provider = await RawProvider.listen(always(answer("ok")));
    const { lookup } = resolver(["10.255.255.1", "169.254.169.254", "127.0.0.1"]);
    await using upstream = new Upstream({ lookup });
    const heard = await upstream.ask({ origin: provider.origin("provider.test") });
    expect(heard.text).toBe("ok");
  });

  it("refuses a name that changes to a forbidden address (rebinding, X02)", async () => {
    await using provider = await RawProvider.listen(async (side) => {
      await side.request();
      await side.write("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok");
    });
    const { lookup, asked } = resolver(["127.0.0.1"], ["169.254.169.254"]);
    await using upstream = new Upstream({ lookup });
    const origin = provider.origin("provider.test");
    expect((await upstream.ask({ origin })).text).toBe("ok");
    await turns();
    upstream.clock.advance(30_000);
    expect((await upstream.ask({ origin })).failure?.message).toBe("The provider's address is not allowed.");
    expect(asked).toEqual(["provider.test", "provider.test"]);
  });

  it("resolves a name once per connection at most: what was checked is what is dialled (X02)", async () => {
    await using provider = await RawProvider.listen(always(answer("ok")));
    const { lookup, asked } = resolver(["127.0.0.1"], ["169.254.169.254"]);
    await using upstream = new Upstream({ lookup });
    expect((await upstream.ask({ origin: provider.origin("provider.test") })).text).toBe("ok");
    expect(asked).toEqual(["provider.test"]);
  });

  it("asks anew after addresses that led nowhere", async () => {
    await using provider = await RawProvider.listen(always(answer("ok")));
    // Nobody listens at that port of 127.0.0.2.
    const { lookup, asked } = resolver(["127.0.0.2"], ["127.0.0.1"]);
    await using upstream = new Upstream({ lookup });
    const origin = provider.origin("provider.test");
    expect((await upstream.ask({ origin })).failure?.kind).toBe("connect-failed");
    expect((await upstream.ask({ origin })).text).toBe("ok");
    expect(asked).toHaveLength(2);
  });
});
