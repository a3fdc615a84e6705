// `gateway.tls`: certificate and key of our own door, read at load so that a missing file is a complaint and not a crash.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Secret } from "../core/secret.ts";
import type { GatewaySettings } from "../core/snapshot.ts";
import type { Grievance } from "./complaint.ts";
import type { Config } from "./schema/root.ts";

/** PEM texts; null where https is off or cannot be on. */
export interface GatewayTls {
  readonly tls: GatewaySettings["tls"];
  readonly grievances: readonly Grievance[];
}

type PathKey = "certPath" | "keyPath";
type PemFile = { readonly text: string } | Grievance;

async function pem(tls: Config["gateway"]["tls"], key: PathKey, folder: string): Promise<PemFile> {
  const path = ["gateway", "tls", key];
  const written = tls[key];
  if (written === undefined) return { code: "tls_file", path, message: "is needed where gateway.tls.enabled is true" };
  const file = resolve(folder, written);
  try {
    const text = await readFile(file, "utf8");
    return text.includes("-----BEGIN ") ? { text } : { code: "tls_file", path, message: `${file} holds no PEM text` };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    return { code: "tls_file", path, message: `${file} cannot be read (${code})` };
  }
}

/** Reads the two files; relative paths start at `folder`, the config's own. */
export async function readGatewayTls({ tls }: Config["gateway"], folder: string): Promise<GatewayTls> {
  if (!tls.enabled) return { tls: null, grievances: [] };
  const [cert, key] = await Promise.all([pem(tls, "certPath", folder), pem(tls, "keyPath", folder)]);
  if ("text" in cert && "text" in key) return { tls: { cert: cert.text, key: new Secret(key.text) }, grievances: [] };
  return { tls: null, grievances: [cert, key].filter((file): file is Grievance => !("text" in file)) };
}
