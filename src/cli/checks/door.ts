// The door: is the port ours to take, and is its lock worth the name?
import { once } from "node:events";
import { createServer } from "node:net";
import { isJsonObject } from "../../core/json.ts";
import { EXIT } from "../command.ts";
import { askGateway, isUnreached } from "../gateway-client.ts";
import { healthPlaceOf } from "../gateway-place.ts";
import { type Check, fail, ok, warn } from "./finding.ts";

const ANSWER_MS = 1000;
const SECRET_LENGTH_MIN = 24;
const DISTINCT_MIN = 10;
const NO_OPTIONS = { text: () => null };

/** Free, or taken by a gateway. */
export const port: Check = async ({ loaded }) => {
  if (loaded === null) return [];
  const { port: number, hosts } = loaded.snapshot.gateway;
  const answer = await askGateway(healthPlaceOf(loaded, NO_OPTIONS), { path: "/healthz", timeoutMs: ANSWER_MS });
  if (!isUnreached(answer) && isJsonObject(answer.body) && answer.body["status"] === "live")
    return [ok("port", `${number}: a gateway answers there`)];
  if (isUnreached(answer) && answer.exit === EXIT.refused)
    return [ok("port", `${number}: what answers there asks for client certificates`)];
  const taken = await Promise.all(hosts.map((host) => refusal(host, number)));
  const first = taken.find((code) => code !== null) ?? null;
  if (first === null) return [ok("port", `${number} is free`)];
  const fix = first === "EACCES" ? "take a port from 1024 up" : `stop what listens there, or 'serve --port N'`;
  return [fail("port", `${number} cannot be taken (${first})`, fix)];
};

/** An error's code when we cannot listen there; an address family that the machine lacks is no obstacle. */
async function refusal(host: string, number: number): Promise<string | null> {
  const server = createServer();
  try {
    server.listen(number, host);
    await once(server, "listening");
    return null;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    return code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT" ? null : code;
  } finally {
    server.close();
  }
}

/** Long, not guessable, and there. */
export const token: Check = async ({ loaded }) => {
  if (loaded === null) return [];
  const { mode, token: secret, password } = loaded.snapshot.gateway.auth;
  if (loaded.generatedToken !== null) {
    const fix = "export OPENCLAW_GATEWAY_TOKEN=$(openssl rand -hex 32)";
    return [
      warn("auth", "no token is set: a terminal gets a new one at every start, everything else does not start", fix),
    ];
  }
  if (mode === "none") return [ok("auth", "none; only programs of this machine are let in")];
  if (mode === "trusted-proxy") return [ok("auth", "by the proxy in front")];
  const value = (mode === "token" ? secret : password)?.reveal() ?? "";
  const isWeak = value.length < SECRET_LENGTH_MIN || new Set(value).size < DISTINCT_MIN;
  const fix = "make up a long one: openssl rand -hex 32";
  return isWeak
    ? [warn("auth", `the ${mode} is short enough to be guessed`, fix)]
    : [ok("auth", `a ${mode} of ${value.length} characters`)];
};
