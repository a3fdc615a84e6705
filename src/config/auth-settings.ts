// What a client has to show (OpenClaw §1.4, decision 28). A door is never left open by accident: what is not said is refused.
import { Secret } from "../core/secret.ts";
import type { AuthSettings } from "../core/snapshot.ts";
import type { Binding } from "./bind.ts";
import { type Credentials, type DoorSecret, readDoorSecrets } from "./door-secrets.ts";
import type { Environment } from "./environment.ts";
import type { KeyPath } from "./key-path.ts";
import type { Report } from "./report.ts";
import type { Config } from "./schema/root.ts";
import type { SecretBook } from "./secrets.ts";

/** A mode of `gateway.auth.mode`. */
export type AuthMode = AuthSettings["mode"];

/** Command line options; they win over everything. */
export interface AuthFlags {
  readonly auth: string | null;
  readonly token: string | null;
  readonly password: string | null;
}

/** What the settings are made of. */
export interface AuthSources {
  readonly gateway: Config["gateway"];
  readonly flags: AuthFlags;
  readonly env: Environment;
  readonly book: SecretBook;
  readonly binding: Binding;
  readonly port: number;
  /** A person watches the terminal: a token may be made up and shown. */
  readonly interactive: boolean;
  /** Nothing was configured and every provider is the mock or this machine's: no credential is needed on loopback. */
  readonly harmless: boolean;
  /** Lower-case hex digits for as many random bytes. */
  readonly randomHex: (bytes: number) => string;
  readonly report: Report;
}

/** The settings, and the token that was made up, to be shown once. */
export interface ChosenAuth {
  readonly settings: AuthSettings;
  readonly generatedToken: Secret | null;
}

const MODES: readonly AuthMode[] = ["none", "token", "password", "trusted-proxy"];
const AUTH: KeyPath = ["gateway", "auth"];
const TOKEN_LENGTH_MIN = 24;
const TOKEN_BYTES = 24;
const TOKEN_HINT = "set OPENCLAW_GATEWAY_TOKEN or gateway.auth.token";

function flagMode({ flags, report }: AuthSources): AuthMode | null {
  if (flags.auth === null) return null;
  const mode = MODES.find((each) => each === flags.auth);
  if (mode !== undefined) return mode;
  const message = `must be one of ${MODES.join(", ")}, not "${flags.auth}"`;
  report({ code: "wrong_value", path: [], source: "--auth", message });
  return null;
}

/** `--auth`, the file's mode, a secret on the command line, then whichever secret there is; a password first. */
function modeOf(sources: AuthSources, secrets: Credentials): AuthMode {
  const { gateway, flags, harmless, binding, report } = sources;
  const written = flagMode(sources) ?? gateway.auth.mode;
  if (written !== undefined) return written;
  if (gateway.auth.token !== undefined && gateway.auth.password !== undefined) {
    const message = "holds a token and a password: set gateway.auth.mode to say which one counts";
    report({ code: "auth_ambiguous", path: AUTH, message });
  }
  if (flags.password === null && flags.token !== null) return "token";
  if (secrets.password.present) return "password";
  if (secrets.token.present) return "token";
  return harmless && binding.loopback ? "none" : "token";
}

function refuseOpen({ binding, port, report }: AuthSources): void {
  const host = binding.hosts[0] ?? "";
  const message = `refusing to bind gateway to ${host}:${port} without auth; ${TOKEN_HINT}, or bind to loopback`;
  report({ code: "open_gateway", path: ["gateway", "bind"], message });
}

/** A token that nobody gave: made up where somebody will read it, else an error. */
function generated(sources: AuthSources): Secret | null {
  const { binding, interactive, randomHex, report } = sources;
  if (!binding.loopback) refuseOpen(sources);
  else if (interactive) return new Secret(randomHex(TOKEN_BYTES));
  else report({ code: "token_missing", path: AUTH, message: `no token for clients: ${TOKEN_HINT}` });
  return null;
}

function needPassword({ secret, broken }: DoorSecret, { report }: AuthSources): void {
  if (secret !== null || broken) return;
  const message = "mode is password and there is none: set OPENCLAW_GATEWAY_PASSWORD or gateway.auth.password";
  report({ code: "password_missing", path: AUTH, message });
}

function checkProxy({ gateway, report }: AuthSources, { token }: Credentials): void {
  const { trustedProxy } = gateway.auth;
  if (trustedProxy === undefined) {
    const message = "mode is trusted-proxy and needs gateway.auth.trustedProxy.userHeader";
    report({ code: "trusted_proxy", path: AUTH, message });
  }
  if (gateway.roles !== undefined) {
    const message =
      "say which agents each user may ask, and who has which role is known to OpenClaw alone: here every user could ask all of them; serve without mode trusted-proxy, or take the roles out";
    report({ code: "roles", path: ["gateway", "roles"], message });
  }
  if (gateway.trustedProxies.length === 0) {
    const message = "mode is trusted-proxy and needs the addresses of the proxy in gateway.trustedProxies";
    report({ code: "trusted_proxy", path: ["gateway", "trustedProxies"], message });
  }
  if (token.present) {
    const message = `mode trusted-proxy and a token exclude each other; the token is from ${token.from}`;
    report({ code: "auth_ambiguous", ...token.place, message });
  }
}

function warnShort({ secret, from, place }: DoorSecret, { binding, report }: AuthSources): void {
  if (secret === null || binding.loopback || secret.reveal().length >= TOKEN_LENGTH_MIN) return;
  const message = `the token from ${from} is short for an address that others can reach: use ${TOKEN_LENGTH_MIN} characters or more`;
  report({ severity: "warning", code: "short_token", ...place, message });
}

function withSecrets(
  mode: AuthMode,
  secrets: Pick<AuthSettings, "token" | "password">,
  gateway: Config["gateway"],
): AuthSettings {
  const { rateLimit, trustedProxy } = gateway.auth;
  const { allowedOrigins } = gateway.controlUi;
  return {
    mode,
    ...secrets,
    rateLimit: rateLimit ?? null,
    trustedProxy: mode === "trusted-proxy" && trustedProxy !== undefined ? { ...trustedProxy, allowedOrigins } : null,
    trustedProxies: gateway.trustedProxies,
    allowRealIpFallback: gateway.allowRealIpFallback,
  };
}

/** What each mode demands; the result is the secrets that it compares with and the token that was made up. */
const DEMANDS = {
  none: (sources) => {
    if (!sources.binding.loopback) refuseOpen(sources);
    return { token: null, password: null, generatedToken: null };
  },
  token: (sources, { token }) => {
    warnShort(token, sources);
    const generatedToken = token.secret === null && !token.broken ? generated(sources) : null;
    return { token: token.secret ?? generatedToken, password: null, generatedToken };
  },
  password: (sources, { password }) => {
    needPassword(password, sources);
    return { token: null, password: password.secret, generatedToken: null };
  },
  // A password stays as the way in for direct calls on this machine.
  "trusted-proxy": (sources, secrets) => {
    checkProxy(sources, secrets);
    return { token: null, password: secrets.password.secret, generatedToken: null };
  },
} as const satisfies Record<AuthMode, (sources: AuthSources, secrets: Credentials) => Demanded>;

interface Demanded {
  readonly token: Secret | null;
  readonly password: Secret | null;
  readonly generatedToken: Secret | null;
}

/** Chooses mode and secrets; everything that is wrong with them is reported. */
export function chooseAuth(sources: AuthSources): ChosenAuth {
  const secrets = readDoorSecrets(sources);
  const mode = modeOf(sources, secrets);
  for (const secret of [secrets.token, secrets.password]) {
    if (secret.problem !== null && secret.matters(mode)) {
      sources.report({ code: "bad_secret", ...secret.place, message: secret.problem });
    }
  }
  const { generatedToken, token, password } = DEMANDS[mode](sources, secrets);
  return { settings: withSecrets(mode, { token, password }, sources.gateway), generatedToken };
}
