// `openclaw-edge healthcheck`: is somebody serving? For HEALTHCHECK lines and scripts: little to load, one line, an exit code.
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { locateConfig } from "../config/locate.ts";
import { choosePort } from "../config/port.ts";
import { readConfig } from "../config/read-file.ts";
import { isJsonObject } from "../core/json.ts";
import { type Command, EXIT, type Terminal, UsageError } from "./command.ts";
import { askGateway, GATEWAY_OPTIONS, isUnreached } from "./gateway-client.ts";
import { type GatewayPlace, placeAt } from "./gateway-place.ts";
import { CONFIG_OPTION, LOAD_OPTIONS } from "./load-options.ts";
import { type Given, JSON_OPTION } from "./options.ts";
import { print } from "./print.ts";

const TIMEOUT_MS = 10_000;
const PORT_DEFAULT = 18_789;
const LOOPBACK = "127.0.0.1";

/**
 * Where the gateway of the config is, without looking up a secret: this runs every few seconds. A gateway keeps its last good
 * config, so a file that is broken by now must not make a living one look dead.
 */
async function placeFrom(given: Given, { env, cwd, home }: Terminal): Promise<GatewayPlace> {
  const { path, stateDir } = locateConfig({ argument: given.text("config"), env, cwd, home });
  const read = await readConfig({ path, env, cwd, stateDir });
  const gateway = read.ok ? read.config.gateway : null;
  const configured = gateway?.port ?? PORT_DEFAULT;
  const port = choosePort({ argument: given.text("port"), env: read.ok ? read.env : env, configured });
  if (typeof port !== "number") throw new UsageError(`${port.path} ${port.message}`);
  const host = gateway?.bind === "custom" ? (gateway.customBindHost ?? LOOPBACK) : LOOPBACK;
  const admin = read.ok ? read.config.edge.admin : null;
  // Health is told there to everybody, while the door talks to those only who show a certificate.
  if (gateway?.tls.enabled === true && gateway.tls.caPath !== undefined && admin?.port !== undefined)
    return placeAt(`http://${reachable(admin.bind)}:${admin.port}`);
  const certPath = gateway?.tls.enabled === true ? gateway.tls.certPath : undefined;
  if (certPath === undefined) return placeAt(`http://${host}:${port}`);
  const certificate = await readFile(resolve(dirname(path), certPath), "utf8").catch(() => null);
  return { ...placeAt(`https://${host}:${port}`), certificate };
}

/** An address of this machine for one to listen at. */
function reachable(bind: string): string {
  if (bind === "0.0.0.0" || bind === "::") return LOOPBACK;
  return bind.includes(":") ? `[${bind}]` : bind;
}

/** Asks `/healthz`, or `/readyz` with `--ready`. */
export const healthcheck: Command = {
  operands: [],
  options: {
    ...CONFIG_OPTION,
    port: LOAD_OPTIONS.port,
    ...GATEWAY_OPTIONS,
    ready: { type: "boolean", about: "Ask whether it can serve, not only whether it lives." },
    verbose: { type: "boolean", about: "Accepted: --json tells all there is." },
    token: { type: "string", value: "T", about: "Accepted: health needs no credential." },
    password: { type: "string", value: "P", about: "Accepted: health needs no credential." },
    ...JSON_OPTION,
  },
  async run(given, terminal) {
    const timeoutMs = given.number("timeout", TIMEOUT_MS, 1);
    const path = given.flag("ready") ? "/readyz" : "/healthz";
    const place = given.text("url") === null ? await placeFrom(given, terminal) : placeAt(given.text("url") ?? "");
    const answer = await askGateway(place, { path, timeoutMs });
    // Who refuses a handshake for want of a certificate lives; whether it is ready it tells to others.
    if (isUnreached(answer) && answer.exit === EXIT.refused && path === "/healthz") {
      const document = { ok: true, url: place.url.origin, error: answer.problem };
      await print(document, { given, terminal }, () => `live: ${answer.problem}\n`);
      return EXIT.ok;
    }
    if (isUnreached(answer)) {
      terminal.stderr.write(`openclaw-edge: ${answer.problem}\n`);
      await print({ ok: false, url: place.url.origin, error: answer.problem }, { given, terminal }, () => "");
      return answer.exit;
    }
    const { status, latencyMs, body } = answer;
    const ok = status === 200 && isJsonObject(body);
    const words = ok ? (given.flag("ready") ? "ready" : "live") : `not ${given.flag("ready") ? "ready" : "live"}`;
    const document = { ok, url: place.url.origin, status, latencyMs, ...(isJsonObject(body) && { detail: body }) };
    await print(
      document,
      { given, terminal },
      () => `${words}: ${place.url.origin}${path} ${status}, ${latencyMs} ms\n`,
    );
    return ok ? EXIT.ok : EXIT.failed;
  },
};
