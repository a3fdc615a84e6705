// Ways out of a real process: TLS of a provider's own, client certificates, proxies of three origins. Names that no resolver here knows
// show that nothing goes out beside the proxy.
import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { createServer, type Server, type TlsOptions } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CERTIFICATE, CERTIFICATE_KEY, OTHER_CERTIFICATE, OTHER_CERTIFICATE_KEY } from "../support/certificate.ts";
import { ConnectProxy } from "../support/connect-proxy.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";

let provider: Provider;
let edge: Edge;
const fronts: Server[] = [];

beforeAll(async () => {
  provider = await startProvider();
});
afterAll(async () => {
  await provider.close();
});
afterEach(async () => {
  await edge.stop("SIGKILL");
  for (const front of fronts.splice(0)) front.close();
});

/** TLS in front of the provider; its port. */
async function secureFront(options: TlsOptions = {}): Promise<number> {
  const front = createServer({ cert: CERTIFICATE, key: CERTIFICATE_KEY, ...options }, (socket) => {
    const target = connect(Number(new URL(provider.url).port), "127.0.0.1");
    for (const side of [socket, target]) side.on("error", () => undefined);
    socket.pipe(target).pipe(socket);
  });
  front.on("tlsClientError", () => undefined);
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  fronts.push(front);
  return (front.address() as AddressInfo).port;
}

interface Answered {
  readonly status: number;
  readonly servedBy: string | null;
  readonly code: string | null;
}

async function ask(
  url: string,
  request: object,
  more: { readonly root?: object; readonly env?: Record<string, string> } = {},
): Promise<Answered> {
  const config = chainConfig({ a: { url, more: { request } } }, more.root);
  edge = await startEdge({ config, ...(more.env === undefined ? {} : { env: more.env }) });
  const response = await edge.post("/v1/chat/completions", { messages: [{ role: "user", content: "hi" }] });
  const body = (await response.json()) as { error?: { code: string } };
  return {
    status: response.status,
    servedBy: response.headers.get("x-openclaw-served-by"),
    code: body.error?.code ?? null,
  };
}

const GOOD = { status: 200, servedBy: "a/m", code: null };
const NO_TLS = { status: 502, code: "upstream_tls" };
/** Node refuses a client by closing, without an alert: that is all that reaches us of the reason. */
const CLOSED = { status: 502, code: "upstream_reset" };

describe("request.tls", () => {
  const own = { cert: CERTIFICATE, key: CERTIFICATE_KEY };
  const mutual = { requestCert: true, rejectUnauthorized: true, ca: CERTIFICATE };
  it.each<[sentence: string, front: TlsOptions, host: string, tls: object | undefined, expected: object]>([
    ["trusts the authority of the file", {}, "127.0.0.1", { ca: CERTIFICATE }, GOOD],
    ["trusts nobody else", {}, "127.0.0.1", { ca: OTHER_CERTIFICATE }, NO_TLS],
    ["says nothing: the built-in authorities count", {}, "127.0.0.1", undefined, NO_TLS],
    ["expects the host's name", {}, "localhost", { ca: CERTIFICATE }, NO_TLS],
    ["expects the name of the file", {}, "localhost", { ca: CERTIFICATE, serverName: "provider.test" }, GOOD],
    ["shows our certificate", mutual, "127.0.0.1", { ca: CERTIFICATE, ...own }, GOOD],
    ["shows none where one is asked for", mutual, "127.0.0.1", { ca: CERTIFICATE }, CLOSED],
    [
      "shows one that the provider does not trust",
      mutual,
      "127.0.0.1",
      { ca: CERTIFICATE, cert: OTHER_CERTIFICATE, key: OTHER_CERTIFICATE_KEY },
      CLOSED,
    ],
  ])("%s", async (_sentence, front, host, tls, expected) => {
    const port = await secureFront(front);
    expect(await ask(`https://${host}:${port}/v1`, tls === undefined ? {} : { tls })).toMatchObject(expected);
  });
});

describe("a proxy on the way out", () => {
  const NAME = "https://provider.test/v1";
  const tls = { ca: CERTIFICATE };

  it("of the provider: explicit-proxy, with a password that no line of the log shows", async () => {
    await using proxy = await ConnectProxy.start({ to: await secureFront() });
    const url = proxy.url("user:proxy-password-0123");
    expect(await ask(NAME, { tls, proxy: { mode: "explicit-proxy", url } })).toMatchObject(GOOD);
    const authorization = `Basic ${Buffer.from("user:proxy-password-0123").toString("base64")}`;
    expect(proxy.asked).toEqual([{ authority: "provider.test:443", authorization }]);
    expect(edge.child.lines.join("\n")).not.toContain("proxy-password-0123");
  });

  it("of the provider: env-proxy, and NO_PROXY", async () => {
    await using proxy = await ConnectProxy.start({ to: await secureFront() });
    const env = { HTTPS_PROXY: proxy.url(), NO_PROXY: "other.test" };
    expect(await ask(NAME, { tls, proxy: { mode: "env-proxy" } }, { env })).toMatchObject(GOOD);
    expect(proxy.asked).toHaveLength(1);
    await edge.stop("SIGKILL");
    const direct = await ask(
      NAME,
      { tls, proxy: { mode: "env-proxy" } },
      { env: { ...env, NO_PROXY: "provider.test" } },
    );
    expect([direct.code, proxy.asked.length]).toEqual(["upstream_dns", 1]);
  });

  it("of the environment means nothing where no provider asks for it", async () => {
    await using proxy = await ConnectProxy.start({ to: await secureFront() });
    const answered = await ask(NAME, { tls }, { env: { HTTPS_PROXY: proxy.url(), HTTP_PROXY: proxy.url() } });
    expect([answered.code, proxy.asked]).toEqual(["upstream_dns", []]);
  });

  it("of the process: for all but this machine's own servers", async () => {
    await using proxy = await ConnectProxy.start({ to: await secureFront() });
    const root = { proxy: { enabled: true, proxyUrl: proxy.url() } };
    expect(await ask(NAME, { tls }, { root })).toMatchObject(GOOD);
    expect(proxy.asked).toHaveLength(1);
    await edge.stop("SIGKILL");
    expect(await ask(provider.url, {}, { root })).toMatchObject(GOOD);
    expect(proxy.asked).toHaveLength(1);
  });

  it("that is gone is a provider that cannot be reached, and a reload leads around it", async () => {
    const proxy = await ConnectProxy.start({ to: 1 });
    const url = proxy.url();
    await proxy[Symbol.asyncDispose]();
    expect(await ask(NAME, { tls, proxy: { mode: "explicit-proxy", url } })).toMatchObject({
      status: 502,
      code: "upstream_unreachable",
    });
    edge.writeConfig(chainConfig({ b: provider.url }));
    await edge.logged(({ msg }) => msg === "config reloaded", "the reload");
    expect((await edge.post("/v1/chat/completions", { messages: [{ role: "user", content: "hi" }] })).status).toBe(200);
  });
});
