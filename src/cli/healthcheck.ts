// `openclaw-edge healthcheck`: is somebody serving? For HEALTHCHECK lines and scripts: little to load, one line, an exit code.
import { isJsonObject } from "../core/json.ts";
import { type Command, EXIT } from "./command.ts";
import { askGateway, GATEWAY_OPTIONS, isUnreached } from "./gateway-client.ts";
import { placeAt } from "./gateway-place.ts";
import { CONFIG_OPTION, LOAD_OPTIONS } from "./load-options.ts";
import { JSON_OPTION } from "./options.ts";
import { placeFromFile } from "./place-from-file.ts";
import { print } from "./print.ts";

const TIMEOUT_MS = 10_000;

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
    const place = given.text("url") === null ? await placeFromFile(given, terminal) : placeAt(given.text("url") ?? "");
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
