// `openclaw-edge healthcheck`: is somebody serving? For HEALTHCHECK lines and scripts: little to load, one line, an exit code.
import { isJsonObject } from "../core/json.ts";
import { type Command, EXIT, type Terminal } from "./command.ts";
import { askGateway, GATEWAY_OPTIONS, type GatewayPlace, isUnreached, placeAt, placeOf } from "./gateway-client.ts";
import { LOAD_OPTIONS } from "./load-options.ts";
import { type Given, JSON_OPTION } from "./options.ts";
import { print } from "./print.ts";

const TIMEOUT_MS = 10_000;
const PORT_DEFAULT = "18789";

/** A gateway keeps its last good config, so a file that is broken by now must not make a living one look dead. */
async function placeFrom(given: Given, terminal: Terminal): Promise<GatewayPlace> {
  const { load } = await import("./load.ts");
  const loaded = await load(given, terminal);
  if (loaded.ok) return placeOf(loaded, given);
  const port = given.text("port") ?? terminal.env["OPENCLAW_GATEWAY_PORT"] ?? PORT_DEFAULT;
  return placeAt(`http://127.0.0.1:${port}`);
}

/** Asks `/healthz`, or `/readyz` with `--ready`. */
export const healthcheck: Command = {
  operands: [],
  options: {
    ...LOAD_OPTIONS,
    ...GATEWAY_OPTIONS,
    ready: { type: "boolean", about: "Ask whether it can serve, not only whether it lives." },
    ...JSON_OPTION,
  },
  async run(given, terminal) {
    const timeoutMs = given.number("timeout", TIMEOUT_MS, 1);
    const path = given.flag("ready") ? "/readyz" : "/healthz";
    const place = given.text("url") === null ? await placeFrom(given, terminal) : placeAt(given.text("url") ?? "");
    const answer = await askGateway(place, { path, timeoutMs });
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
