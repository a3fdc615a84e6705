// `gateway.tls`: certificate, key and client authority of our own door, read and tried at load, so that a file that is missing or does
// not fit is a complaint and not a crash, and a certificate that is exchanged while we run is checked before it is used.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Secret } from "../core/secret.ts";
import type { GatewaySettings } from "../core/snapshot.ts";
import type { Grievance } from "./complaint.ts";
import type { FileMarks } from "./file-marks.ts";
import type { Config } from "./schema/root.ts";

/** PEM texts; null where https is off or cannot be on. */
export interface GatewayTls {
  readonly tls: GatewaySettings["tls"];
  readonly grievances: readonly Grievance[];
}

/** Where relative paths start (the config's folder), and who hears what the files held. */
export interface TlsFiles {
  readonly folder: string;
  readonly marks: FileMarks;
}

type Settings = Config["gateway"]["tls"];
type PathKey = "certPath" | "keyPath" | "caPath";
type PemFile = { readonly text: string } | Grievance;

const grievance = (key: PathKey, message: string): Grievance => {
  return { code: "tls_file", path: ["gateway", "tls", key], message };
};

async function pem(key: PathKey, tls: Settings, { folder, marks }: TlsFiles): Promise<PemFile> {
  const written = tls[key];
  if (written === undefined) return grievance(key, "is needed where gateway.tls.enabled is true");
  const file = resolve(folder, written);
  try {
    const bytes = await readFile(file);
    marks.note(file, bytes);
    const text = bytes.toString("utf8");
    return text.includes("-----BEGIN ") ? { text } : grievance(key, `${file} holds no PEM text`);
  } catch (error) {
    marks.note(file, null);
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    return grievance(key, `${file} cannot be read (${code})`);
  }
}

/** Why certificate and key cannot serve together; null when they can. Never quotes them. */
function mismatch(cert: string, key: string): Grievance | null {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    return grievance("certPath", "holds no certificate that can be read");
  }
  try {
    if (certificate.checkPrivateKey(createPrivateKey(key))) return null;
  } catch {
    return grievance("keyPath", "holds no private key that can be read; one with a passphrase cannot be used");
  }
  return grievance("keyPath", "is not the key of the certificate in gateway.tls.certPath");
}

const isGrievance = (file: PemFile | null): file is Grievance => file !== null && !("text" in file);

/** Reads the files that are named. */
export async function readGatewayTls({ tls }: Config["gateway"], files: TlsFiles): Promise<GatewayTls> {
  if (!tls.enabled) return { tls: null, grievances: [] };
  const [cert, key, ca] = await Promise.all([
    pem("certPath", tls, files),
    pem("keyPath", tls, files),
    tls.caPath === undefined ? null : pem("caPath", tls, files),
  ]);
  if (isGrievance(cert) || isGrievance(key) || isGrievance(ca)) {
    return { tls: null, grievances: [cert, key, ca].filter(isGrievance) };
  }
  const wrong = mismatch(cert.text, key.text);
  if (wrong !== null) return { tls: null, grievances: [wrong] };
  return { tls: { cert: cert.text, key: new Secret(key.text), clientCa: ca?.text ?? null }, grievances: [] };
}
