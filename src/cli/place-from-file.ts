// Where the gateway of a config is, for commands that must not depend on the config being good.
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { locateConfig, madeCertificate, withHome } from "../config/locate.ts";
import { choosePort } from "../config/port.ts";
import { readConfig } from "../config/read-file.ts";
import { type Terminal, UsageError } from "./command.ts";
import { type GatewayPlace, placeAt } from "./gateway-place.ts";
import type { Given } from "./options.ts";

const PORT_DEFAULT = 18_789;
const LOOPBACK = "127.0.0.1";

/**
 * Where the gateway of the config is, by what its file says and without looking up a secret. A gateway keeps its last good config, so
 * a file that is broken by now must not make a living one look dead. Throws UsageError.
 */
export async function placeFromFile(given: Given, { env, cwd, home }: Terminal): Promise<GatewayPlace> {
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
  if (gateway?.tls.enabled !== true) return placeAt(`http://${host}:${port}`);
  const certPath = withHome(gateway.tls.certPath ?? madeCertificate(stateDir).certPath, read.ok ? read.env : env);
  const certificate = await readFile(resolve(dirname(path), certPath), "utf8").catch(() => null);
  return { ...placeAt(`https://${host}:${port}`), certificate };
}

/** An address of this machine for one to listen at. */
function reachable(bind: string): string {
  if (bind === "0.0.0.0" || bind === "::") return LOOPBACK;
  return bind.includes(":") ? `[${bind}]` : bind;
}
