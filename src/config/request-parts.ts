// The parts of `models.providers.<id>` that may hold secrets, looked up: header layers, `request.auth`, `request.tls`.
// What is missing is returned, not reported: whether it matters depends on who can reach the provider.
import { Secret } from "../core/secret.ts";
import type { TransportTls } from "../core/snapshot.ts";
import { always, type ChooseProxy, environmentProxies, proxyOf, secretsOfBasic } from "./egress-proxy.ts";
import type { Environment } from "./environment.ts";
import { headerProblem, type HeaderLayer } from "./headers.ts";
import type { KeyPath } from "./key-path.ts";
import type { KeyLack } from "./key-ring.ts";
import type { ProviderConfig } from "./schema/models.ts";
import type { SecretInput } from "./schema/secret-ref.ts";
import type { SecretBook } from "./secrets.ts";
import { pemProblems } from "./transport-tls.ts";

type RequestConfig = NonNullable<ProviderConfig["request"]>;

/** What the file says about requests to one provider. */
export interface RequestParts {
  readonly providerHeaders: HeaderLayer;
  readonly requestHeaders: HeaderLayer;
  /** `request.auth` when it replaces the provider's own way. */
  readonly auth: HeaderLayer | null;
  readonly tls: TransportTls | null;
  readonly chooseProxy: ChooseProxy;
  /** Secrets among these, for redaction. */
  readonly secrets: readonly string[];
  readonly lacks: readonly KeyLack[];
}

/** Looks secrets up and keeps a list of what it found and what it did not. */
class Finder {
  readonly #book: SecretBook;
  readonly found: string[];
  readonly lacks: KeyLack[];

  constructor(book: SecretBook) {
    this.#book = book;
    this.found = [];
    this.lacks = [];
  }

  /** The one value, or null. */
  text(input: SecretInput | undefined, path: KeyPath): string | null {
    if (input === undefined) return null;
    const outcome = this.#book.look(input, path);
    if ("problem" in outcome) {
      this.lacks.push({ path, ...outcome });
      return null;
    }
    const value = outcome.values[0] ?? "";
    if (typeof input !== "string") this.found.push(value);
    return value;
  }

  /** A value that is secret however it was written. */
  secret(input: SecretInput | undefined, path: KeyPath): string | null {
    const value = this.text(input, path);
    if (value !== null) this.found.push(value);
    return value;
  }
}

function headers(written: Readonly<Record<string, SecretInput>>, path: KeyPath, finder: Finder): HeaderLayer {
  const layer: Record<string, string> = {};
  for (const [name, input] of Object.entries(written)) {
    const value = finder.text(input, [...path, name]);
    if (value === null) continue;
    const problem = headerProblem(name, value);
    if (problem === null) layer[name] = value;
    else finder.lacks.push({ path: [...path, name], problem, why: "unusable" });
  }
  return layer;
}

type RequestAuth = NonNullable<RequestConfig["auth"]>;

/** Mode to the one header that carries the credential (OpenClaw §2.5: no space is put between prefix and value). */
function authHeader(auth: RequestAuth, path: KeyPath, finder: Finder): readonly [string, string] | null {
  if (auth.mode === "authorization-bearer") {
    return ["authorization", `Bearer ${finder.secret(auth.token, [...path, "token"])?.trim() ?? ""}`];
  }
  if (auth.mode === "header") {
    return [auth.headerName, (auth.prefix ?? "") + (finder.secret(auth.value, [...path, "value"]) ?? "")];
  }
  return null;
}

function authLayer(auth: RequestAuth | undefined, path: KeyPath, finder: Finder): HeaderLayer | null {
  const header = auth === undefined ? null : authHeader(auth, path, finder);
  if (header === null) return null;
  const problem = headerProblem(...header);
  if (problem !== null) finder.lacks.push({ path, problem, why: "unusable" });
  return Object.fromEntries([header]);
}

function tlsOf(tls: RequestConfig["tls"], path: KeyPath, finder: Finder): TransportTls | null {
  if (tls === undefined) return null;
  if (tls.insecureSkipVerify === true) {
    const problem = "cannot be true: certificates are always verified; put the server's authority into `ca`";
    finder.lacks.push({ path: [...path, "insecureSkipVerify"], problem, why: "unusable" });
  }
  const ca = finder.text(tls.ca, [...path, "ca"]) ?? undefined;
  const cert = finder.text(tls.cert, [...path, "cert"]) ?? undefined;
  const key = finder.secret(tls.key, [...path, "key"]) ?? undefined;
  const passphrase = finder.secret(tls.passphrase, [...path, "passphrase"]) ?? undefined;
  for (const { part, problem } of pemProblems({ ca, cert, key, passphrase })) {
    finder.lacks.push({ path: [...path, part], problem, why: "unusable" });
  }
  return {
    ca: ca ?? null,
    cert: cert ?? null,
    key: key === undefined ? null : new Secret(key),
    passphrase: passphrase === undefined ? null : new Secret(passphrase),
    serverName: tls.serverName ?? null,
  };
}

/** What is said of proxies for the whole process. */
export interface ProxySources {
  readonly env: Environment;
  /** The proxy of the whole process. */
  readonly proxy: ChooseProxy;
}

/** The provider's own word on proxies, else the process's. What cannot be used is a lack, and nothing goes out beside it. */
function chooserOf(
  request: RequestConfig | undefined,
  at: KeyPath,
  of: ProxySources & { readonly finder: Finder },
): ChooseProxy {
  const { finder, env } = of;
  const written = request?.proxy;
  if (written === undefined) return of.proxy;
  const path = [...at, "proxy"];
  const tls = tlsOf(written.tls, [...path, "tls"], finder);
  const refuse = (problem: string, place: KeyPath): ChooseProxy => {
    finder.lacks.push({ path: place, problem, why: "unusable" });
    return () => null;
  };
  if (written.mode === "env-proxy") {
    const chosen = environmentProxies(env, tls);
    return "problem" in chosen ? refuse(chosen.problem, path) : chosen;
  }
  const { allowPrivateNetwork } = request ?? {};
  const allow = { loopback: allowPrivateNetwork !== false, privateNetwork: allowPrivateNetwork === true };
  const proxy = proxyOf(written.url, { allow, tls });
  return typeof proxy === "string" ? refuse(proxy, [...path, "url"]) : always(proxy);
}

const SCHEMES = [new URL("http://provider.invalid"), new URL("https://provider.invalid")] as const;

/** Looks up everything that goes with a request besides the keys. */
export function requestParts(
  written: ProviderConfig | null,
  path: KeyPath,
  { book, ...sources }: ProxySources & { readonly book: SecretBook },
): RequestParts {
  const finder = new Finder(book);
  const request = written?.request;
  const at = [...path, "request"];
  const providerHeaders = headers(written?.headers ?? {}, [...path, "headers"], finder);
  const requestHeaders = headers(request?.headers ?? {}, [...at, "headers"], finder);
  const auth = authLayer(request?.auth, [...at, "auth"], finder);
  const tls = tlsOf(request?.tls, [...at, "tls"], finder);
  const chooseProxy = chooserOf(request, at, { ...sources, finder });
  const secrets = [
    ...finder.found,
    ...SCHEMES.flatMap((url) => secretsOfBasic(chooseProxy(url)?.authorization ?? null)),
  ];
  return { providerHeaders, requestHeaders, auth, tls, chooseProxy, secrets, lacks: finder.lacks };
}
