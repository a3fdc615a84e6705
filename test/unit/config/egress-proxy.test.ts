import { describe, expect, it } from "vitest";
import { environmentProxies, processProxy, proxyOf } from "../../../src/config/egress-proxy.ts";
import type { Environment } from "../../../src/config/environment.ts";
import { compileTree, said, snapshotOf, withProvider } from "./compile-rig.ts";

const OPEN = { allow: { loopback: true, privateNetwork: true }, tls: null };

describe("the URL of a proxy", () => {
  it.each<[url: string, origin: string, authorization: string | null]>([
    ["http://proxy.example:3128", "http://proxy.example:3128", null],
    ["proxy.example:3128", "http://proxy.example:3128", null],
    ["https://proxy.example", "https://proxy.example", null],
    ["http://u:p@proxy.example", "http://proxy.example", "u:p"],
    ["http://u%40corp:p%3Aw@proxy.example", "http://proxy.example", "u@corp:p:w"],
    ["http://only-a-token@proxy.example", "http://proxy.example", "only-a-token:"],
    ["http://%zz:p@proxy.example", "http://proxy.example", "%zz:p"],
  ])("%s", (url, origin, pair) => {
    const proxy = proxyOf(url, OPEN);
    if (typeof proxy === "string") throw new Error(proxy);
    const authorization = pair === null ? undefined : `Basic ${Buffer.from(pair).toString("base64")}`;
    expect([proxy.origin, proxy.authorization?.reveal()]).toEqual([origin, authorization]);
  });

  it.each<[url: string, problem: RegExp]>([
    ["ftp://proxy.example", /no http/],
    ["socks5://u:secret@proxy.example", /no http/],
    ["http://", /no http/],
    ["http://169.254.169.254", /no proxy has/],
  ])("%s is refused, and not quoted", (url, problem) => {
    expect(proxyOf(url, OPEN)).toMatch(problem);
    expect(proxyOf(url, OPEN)).not.toContain("secret");
  });
});

describe("the proxies of the environment", () => {
  const HTTP = "http://p.example:1";
  const HTTPS = "http://s.example:2";
  const both = { HTTP_PROXY: HTTP, HTTPS_PROXY: HTTPS };
  const none = (list: string): Environment => ({ ...both, NO_PROXY: list });
  it.each<[url: string, env: Environment, origin: string | null]>([
    ["https://a.example", both, HTTPS],
    ["http://a.example", both, HTTP],
    ["https://a.example", { HTTP_PROXY: HTTP }, null],
    ["https://a.example", { HTTPS_PROXY: HTTP, https_proxy: HTTPS }, HTTPS],
    ["https://a.example", none("a.example"), null],
    ["https://b.a.example", none("a.example"), null],
    ["https://b.a.example", none(".a.example"), null],
    ["https://b.a.example", none("*.a.example"), null],
    ["https://ba.example", none("a.example"), HTTPS],
    ["https://a.example:8443", none("a.example:8443"), null],
    ["https://a.example", none("a.example:8443"), HTTPS],
    ["https://a.example", none("a.example:443"), null],
    ["https://10.1.2.3", none("10.0.0.0/8"), null],
    ["https://11.1.2.3", none("10.0.0.0/8"), HTTPS],
    ["https://[::1]:8", none("::1"), null],
    ["https://A.Example", none("x.test, a.EXAMPLE"), null],
    ["https://a.example", none("*"), null],
    ["https://a.example", { ...both, NO_PROXY: "*", no_proxy: "b.example" }, HTTPS],
  ])("%s", (url, env, origin) => {
    const chosen = environmentProxies(env, null);
    if ("problem" in chosen) throw new Error(chosen.problem);
    expect(chosen(new URL(url))?.origin ?? null).toBe(origin);
  });

  it("that cannot be used are told by the variable's name", () => {
    expect(environmentProxies({ HTTPS_PROXY: "ftp://u:secret@x" }, null)).toEqual({
      problem: "environment variable HTTPS_PROXY is no http:// or https:// URL",
    });
  });
});

describe("the proxy of the process", () => {
  it.each<[url: string, proxied: boolean]>([
    ["https://api.example", true],
    ["http://192.168.1.5:1234", true],
    ["http://127.0.0.1:11434", false],
    ["http://localhost:11434", false],
  ])("%s: %s", (url, proxied) => {
    const choose = processProxy({ enabled: true, proxyUrl: "http://proxy.example:3128" });
    expect(choose(new URL(url)) !== null).toBe(proxied);
  });

  it("is none while it is off", () => {
    expect(processProxy({ enabled: false, proxyUrl: "http://proxy.example" })(new URL("https://a.example"))).toBeNull();
  });
});

describe("in a config", () => {
  const request = (proxy: object, more: object = {}) => ({ apiKey: "k", request: { proxy, ...more } });
  const explicit = (url: string) => ({ mode: "explicit-proxy", url });
  it("every target has its proxy, and its pool is another one than without", async () => {
    const direct = await snapshotOf(withProvider({ apiKey: "k" }));
    const proxied = await snapshotOf(withProvider(request(explicit("http://u:proxy-password@p.example:3128"))));
    const [a, b] = [direct, proxied].map((snapshot) => snapshot.targets.get("p/m")?.transport);
    expect([a?.proxy, b?.proxy?.origin, a?.key === b?.key]).toEqual([null, "http://p.example:3128", false]);
    expect(proxied.secrets.reveal()).toContain("proxy-password");
  });

  it("another password of the proxy is another pool", async () => {
    const keys = await Promise.all(
      ["one", "two"].map(
        async (word) =>
          (await snapshotOf(withProvider(request(explicit(`http://u:${word}@p.example`))))).targets.get("p/m")
            ?.transport.key,
      ),
    );
    expect(keys[0]).not.toBe(keys[1]);
  });

  const url = "https://process.example";
  it.each<[sentence: string, tree: Record<string, unknown>, origin: string | undefined, complaints: string[]]>([
    ["a proxy that is not switched on is not used", { proxy: { proxyUrl: url } }, undefined, []],
    [
      "a proxy of a newer file is used without a switch",
      { proxy: { proxyUrl: url }, agents: { entries: { a: {} } } },
      url,
      [],
    ],
    [
      "a proxy of a migrated file is used without a switch",
      { proxy: { proxyUrl: url }, meta: { migrations: {} } },
      url,
      [],
    ],
    [
      "a proxy of a newer file that is switched off is not used",
      { proxy: { proxyUrl: url, enabled: false, tls: { caFile: "/ca.pem" } }, agents: { entries: { a: {} } } },
      undefined,
      [],
    ],
    [
      "a proxy whose address is in no variable is refused: nothing goes around it",
      { proxy: { proxyUrl: "${NO_SUCH_PROXY}", enabled: true } },
      undefined,
      ["error missing_variable proxy.proxyUrl"],
    ],
    [
      "a proxy of a newer file whose address is in no variable is refused",
      { proxy: { proxyUrl: "${NO_SUCH_PROXY}" }, agents: { entries: { a: {} } } },
      undefined,
      ["error missing_variable proxy.proxyUrl"],
    ],
    [
      "a proxy that is switched off may be nowhere",
      { proxy: { proxyUrl: "${NO_SUCH_PROXY}", enabled: false } },
      undefined,
      ["warning missing_variable proxy.proxyUrl"],
    ],
    [
      "a metadata service is no proxy of the process either",
      { proxy: { proxyUrl: "http://169.254.169.254", enabled: true } },
      undefined,
      ["error proxy_url proxy.proxyUrl"],
    ],
    [
      "the authority of a proxy is named to Node itself",
      { proxy: { proxyUrl: url, enabled: true, tls: { caFile: "/ca.pem" } } },
      url,
      ["warning proxy_authority proxy.tls.caFile"],
    ],
  ])("%s", async (_sentence, tree, origin, complaints) => {
    const { snapshot, complaints: heard } = await compileTree(withProvider({ apiKey: "k" }, tree));
    expect(snapshot?.targets.get("p/m")?.transport.proxy?.origin).toBe(origin);
    expect(said(heard)).toEqual(complaints);
  });

  it("the provider's own word wins over the process's", async () => {
    const root = { proxy: { enabled: true, proxyUrl: "http://process.example" } };
    const own = await snapshotOf(withProvider(request(explicit("http://own.example")), root));
    const without = await snapshotOf(withProvider({ apiKey: "k" }, root));
    const origins = [own, without].map((snapshot) => snapshot.targets.get("p/m")?.transport.proxy?.origin);
    expect(origins).toEqual(["http://own.example", "http://process.example"]);
  });

  it.each<[sentence: string, tree: unknown, complaint: string]>([
    [
      "a private proxy needs the word that allows such addresses",
      withProvider(request(explicit("http://10.0.0.1:3128"))),
      "error bad_secret models.providers.p.request.proxy.url",
    ],
    [
      "a metadata service is no proxy",
      withProvider(request(explicit("http://169.254.169.254"))),
      "error bad_secret models.providers.p.request.proxy.url",
    ],
  ])("%s", async (_sentence, tree, complaint) => {
    expect(said((await compileTree(tree)).complaints)).toContain(complaint);
  });

  it("a private proxy serves where the file allows such addresses", async () => {
    const tree = withProvider(request(explicit("http://10.0.0.1:3128"), { allowPrivateNetwork: true }));
    expect((await snapshotOf(tree)).targets.get("p/m")?.transport.proxy?.origin).toBe("http://10.0.0.1:3128");
  });
});
