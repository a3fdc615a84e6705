// Ways out through a proxy: real proxies, real TLS, and what the guard says when nobody here resolves the name.
import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import type { Transport, TransportProxy, TransportTls } from "../../../src/core/snapshot.ts";
import { CERTIFICATE, OTHER_CERTIFICATE } from "../../support/certificate.ts";
import { ConnectProxy } from "../../support/connect-proxy.ts";
import { always, answer, RawProvider } from "./raw-provider.ts";
import { turns, Upstream } from "./recorder.ts";

const tlsWith = (ca: string): TransportTls => ({ ca, cert: null, key: null, passphrase: null, serverName: null });

function through(proxy: ConnectProxy, more: Partial<TransportProxy> = {}): TransportProxy {
  return {
    origin: proxy.url(),
    authorization: null,
    allow: { loopback: true, privateNetwork: false },
    tls: null,
    ...more,
  };
}

/** A client that may ask no resolver. */
function client(): Upstream {
  return new Upstream({ lookup: (name, resolved) => resolved(new Error(`${name} was looked up here`), []) });
}

describe("through a proxy", () => {
  it("a provider is reached by a name that only the proxy knows, its certificate verified, one tunnel for two requests", async () => {
    await using provider = await RawProvider.listen(always(answer("{}")), { secure: true });
    await using proxy = await ConnectProxy.start({ to: provider.port });
    await using upstream = client();
    const transport: Partial<Transport> = {
      tls: tlsWith(CERTIFICATE),
      proxy: through(proxy, { authorization: new Secret("Basic dTpw") }),
    };
    for (let number = 0; number < 2; number += 1) {
      const heard = await upstream.ask({ origin: "https://provider.test:8443", transport });
      expect([heard.notes.at(-1), heard.text]).toEqual(["end", "{}"]);
      // The connection is not free at once.
      await turns();
    }
    expect(proxy.asked).toEqual([{ authority: "provider.test:8443", authorization: "Basic dTpw" }]);
    expect(upstream.bugs).toEqual([]);
  });

  it("a provider on the usual port is asked for by that port", async () => {
    await using provider = await RawProvider.listen(always(answer("{}")), { secure: true });
    await using proxy = await ConnectProxy.start({ to: provider.port });
    await using upstream = client();
    const transport = { tls: tlsWith(CERTIFICATE), proxy: through(proxy) };
    expect((await upstream.ask({ origin: "https://provider.test", transport })).text).toBe("{}");
    expect(proxy.asked[0]?.authority).toBe("provider.test:443");
  });

  it("a provider of a private network is reached without TLS where the file allows such addresses", async () => {
    await using provider = await RawProvider.listen(always(answer("{}")));
    await using proxy = await ConnectProxy.start({ to: provider.port });
    await using upstream = client();
    const allow = { loopback: true, privateNetwork: true };
    const heard = await upstream.ask({ origin: "http://models.test", transport: { allow, proxy: through(proxy) } });
    expect(heard.text).toBe("{}");
  });

  it("the way to the proxy itself may be TLS", async () => {
    await using provider = await RawProvider.listen(always(answer("{}")), { secure: true });
    await using proxy = await ConnectProxy.start({ to: provider.port, secure: true });
    await using upstream = client();
    const good = through(proxy, { tls: tlsWith(CERTIFICATE) });
    const origin = "https://provider.test";
    expect(
      (await upstream.ask({ origin, transport: { key: "good", tls: tlsWith(CERTIFICATE), proxy: good } })).text,
    ).toBe("{}");
    const bad = through(proxy, { tls: tlsWith(OTHER_CERTIFICATE) });
    const heard = await upstream.ask({ origin, transport: { key: "bad", tls: tlsWith(CERTIFICATE), proxy: bad } });
    expect(heard.failure).toMatchObject({ kind: "connect-failed", phase: "connect" });
  });

  it.each<
    [
      sentence: string,
      proxy: Partial<Parameters<typeof ConnectProxy.start>[0]>,
      transport: Partial<Transport>,
      failure: object,
    ]
  >([
    [
      "asks for a credential",
      { refuses: 407 },
      {},
      { kind: "connect-failed", code: "upstream_unreachable", detail: "ERR_PROXY_REFUSED" },
    ],
    [
      "finds nobody there",
      { to: 1 },
      {},
      { kind: "connect-failed", code: "upstream_unreachable", detail: "ERR_PROXY_UNREACHED" },
    ],
    [
      "says nothing",
      { silent: true },
      { connectTimeoutMs: 200 },
      { kind: "connect-timeout", detail: "ERR_PROXY_TIMEOUT" },
    ],
  ])("a proxy that %s is a failure to connect", async (_sentence, options, transport, failure) => {
    await using proxy = await ConnectProxy.start({ to: 1, ...options });
    await using upstream = client();
    const heard = await upstream.ask({
      origin: "https://provider.test",
      transport: { ...transport, proxy: through(proxy) },
    });
    expect(heard.failure).toMatchObject({ ...failure, phase: "connect" });
    expect(upstream.bugs).toEqual([]);
  });

  it("a certificate that nobody signed is refused as on a direct way", async () => {
    await using provider = await RawProvider.listen(always(answer("{}")), { secure: true });
    await using proxy = await ConnectProxy.start({ to: provider.port });
    await using upstream = client();
    const heard = await upstream.ask({ origin: "https://provider.test", transport: { proxy: through(proxy) } });
    expect(heard.failure).toMatchObject({ kind: "connect-failed", code: "upstream_tls" });
  });

  it.each<[sentence: string, origin: string, more: Partial<TransportProxy>]>([
    ["a metadata service", "http://169.254.169.254", {}],
    ["a metadata service by name", "https://metadata.google.internal", {}],
    ["a private address", "https://10.1.2.3", {}],
    ["a public name without TLS", "http://provider.test", {}],
    [
      "any provider, where the proxy has a private address",
      "https://provider.test",
      { origin: "http://10.1.2.3:3128" },
    ],
    [
      "any provider, where the proxy is a metadata service",
      "https://provider.test",
      { origin: "http://169.254.169.254" },
    ],
    [
      "any provider, where the proxy may not be this machine",
      "https://provider.test",
      { allow: { loopback: false, privateNetwork: false } },
    ],
  ])("nothing goes to %s", async (_sentence, origin, more) => {
    await using proxy = await ConnectProxy.start({ to: 1 });
    await using upstream = client();
    const heard = await upstream.ask({ origin, transport: { proxy: through(proxy, more) } });
    expect(heard.failure).toMatchObject({ kind: "connect-failed", detail: "ERR_EGRESS_REFUSED" });
    expect(proxy.asked).toEqual([]);
  });
});
