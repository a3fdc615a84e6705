// Where the config file is. Reads nothing: only names.
import { join, resolve } from "node:path";
import type { Environment } from "./environment.ts";
import { envValue } from "./env-keys.ts";

/** What names the place. */
export interface Surroundings {
  /** `--config`, or null. */
  readonly argument: string | null;
  readonly env: Environment;
  readonly cwd: string;
  /** The user's home folder. */
  readonly home: string;
}

/** The place of the config. */
export interface ConfigPlace {
  /** Absolute. */
  readonly path: string;
  /** Absolute; a `.env` file may lie here. */
  readonly stateDir: string;
  /** What named the file; null for the usual place, where it may be missing. A named file that is missing is an error. */
  readonly namedBy: "--config" | "OPENCLAW_CONFIG_PATH" | null;
}

const FILE_NAME = "openclaw.json";

/** `~` in front of a path is the home folder; no shell sees what stands in a variable or a file. */
export function expandHome(path: string, home: string): string {
  return path.replace(/^~(?=$|[/\\])/, () => home);
}

/** A path that stands in the file: `~` in front is the home folder, as it is where the file itself is named. */
export function withHome(path: string, env: Environment): string {
  const usersHome = envValue(env, "HOME") ?? envValue(env, "USERPROFILE") ?? "~";
  return expandHome(path, expandHome(envValue(env, "OPENCLAW_HOME") ?? "~", usersHome));
}

/** A path as people write it: `~` is the home folder, the rest is relative to the working folder. */
function absolute(written: string, from: { readonly cwd: string; readonly home: string }): string {
  return resolve(from.cwd, expandHome(written, from.home));
}

const written = (value: string | null | undefined): string | null => (value?.trim() ? value.trim() : null);

/** `--config` > OPENCLAW_CONFIG_PATH > `openclaw.json` in OPENCLAW_STATE_DIR, else in `.openclaw` of OPENCLAW_HOME or the home folder. */
export function locateConfig(surroundings: Surroundings): ConfigPlace {
  const { env, cwd } = surroundings;
  const homeWritten = written(env["OPENCLAW_HOME"]);
  const home = homeWritten === null ? surroundings.home : absolute(homeWritten, surroundings);
  const from = { cwd, home };
  const stateWritten = written(env["OPENCLAW_STATE_DIR"]);
  const stateDir = stateWritten === null ? resolve(home, ".openclaw") : absolute(stateWritten, from);
  const argument = written(surroundings.argument);
  if (argument !== null) return { path: absolute(argument, from), stateDir, namedBy: "--config" };
  const variable = written(env["OPENCLAW_CONFIG_PATH"]);
  if (variable !== null) return { path: absolute(variable, from), stateDir, namedBy: "OPENCLAW_CONFIG_PATH" };
  return { path: resolve(stateDir, FILE_NAME), stateDir, namedBy: null };
}

/** Where certificate and key lie that `gateway.tls.autoGenerate` makes, unless the file says where. */
export function madeCertificate(stateDir: string): { readonly certPath: string; readonly keyPath: string } {
  const folder = join(stateDir, "gateway", "tls");
  return { certPath: join(folder, "gateway-cert.pem"), keyPath: join(folder, "gateway-key.pem") };
}
