// `gateway.tls`: certificate, key and client authority of our own door, read and tried at load, so that a file that is missing or does
// not fit is a complaint and not a crash, and a certificate that is exchanged while we run is checked before it is used.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Secret } from "../core/secret.ts";
import type { GatewaySettings } from "../core/snapshot.ts";
import type { Environment } from "./environment.ts";
import { madeCertificate, withHome } from "./locate.ts";
import type { Grievance } from "./complaint.ts";
import type { FileMarks } from "./file-marks.ts";
import type { Config } from "./schema/root.ts";
import { type PemPair, selfSigned } from "./self-signed.ts";

/** PEM texts; null where https is off or cannot be on. */
export interface GatewayTls {
  readonly tls: GatewaySettings["tls"];
  readonly grievances: readonly Grievance[];
}

/** Surroundings of the files. */
export interface TlsFiles {
  /** Where relative paths start: the config's own folder. */
  readonly folder: string;
  /** Tells the home folder, for paths that begin with `~`. */
  readonly env: Environment;
  /** Where files that are made lie, unless the config names a place. */
  readonly stateDir: string;
  /** Hears what the files held. */
  readonly marks: FileMarks;
  readonly making: CertificateMaking;
}

/** What certificates are made with. */
export interface CertificateMaking {
  /** Unix milliseconds. */
  readonly wallMs: number;
  /** False: a certificate that is made is not written anywhere. For commands that only look. */
  readonly keep: boolean;
  readonly names: readonly string[];
  readonly randomHex: (bytes: number) => string;
}

type Settings = Config["gateway"]["tls"];
type PathKey = "certPath" | "keyPath" | "caPath";
type PemFile = { readonly text: string } | Grievance;

const grievance = (key: PathKey, message: string): Grievance => {
  return { code: "tls_file", path: ["gateway", "tls", key], message };
};

const placeOf = (written: string, { folder, env }: TlsFiles): string => resolve(folder, withHome(written, env));

/** What `autoGenerate` came to. */
interface Made {
  /** With both paths. */
  readonly settings: Settings;
  /** A pair that is not kept; null where the files hold it. */
  readonly pair: PemPair | null;
  readonly grievances: readonly Grievance[];
}

const AUTO = ["gateway", "tls", "autoGenerate"];
/** Apple's systems refuse certificates that hold for longer. */
const DAYS = 825;
const SERIAL_BYTES = 16;

/** `gateway.tls.autoGenerate`: the settings with the places of certificate and key, made where neither is there. */
async function generated(tls: Settings, files: TlsFiles): Promise<Made> {
  const made = madeCertificate(files.stateDir);
  const certPath = placeOf(tls.certPath ?? made.certPath, files);
  const keyPath = placeOf(tls.keyPath ?? made.keyPath, files);
  const settings = { ...tls, certPath, keyPath };
  const present = await Promise.all([certPath, keyPath].map(exists));
  if (present.includes(true)) return { settings, pair: null, grievances: [] };
  const { wallMs, keep, names, randomHex } = files.making;
  const serial = Buffer.from(randomHex(SERIAL_BYTES), "hex");
  const pair = selfSigned({ names, notBeforeMs: wallMs, days: DAYS, serial });
  if (!keep) return { settings, pair, grievances: [] };
  try {
    await mkdir(dirname(certPath), { recursive: true, mode: 0o700 });
    await mkdir(dirname(keyPath), { recursive: true, mode: 0o700 });
    await writeFile(keyPath, pair.key, { mode: 0o600, flag: "wx" });
    await writeFile(certPath, pair.cert, { flag: "wx" });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    const message = `cannot be kept in ${certPath} (${code}): set certPath and keyPath to a folder that may be written`;
    return { settings, pair: null, grievances: [{ code: "tls_file", path: AUTO, message }] };
  }
  const { fingerprint256 } = new X509Certificate(pair.cert);
  const message = `made a certificate that clients must be told to trust: ${certPath} (SHA-256 ${fingerprint256})`;
  return { settings, pair: null, grievances: [{ severity: "warning", code: "tls_generated", path: AUTO, message }] };
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

async function pem(key: PathKey, tls: Settings, files: TlsFiles): Promise<PemFile> {
  const written = tls[key];
  if (written === undefined) return grievance(key, "is needed where gateway.tls.enabled is true");
  const { marks } = files;
  const file = placeOf(written, files);
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

/** A certificate that has had its time serves nobody who looks; that is worth a word and no reason to stop. */
function expiry(cert: string, wallMs: number): readonly Grievance[] {
  const { validTo } = new X509Certificate(cert);
  if (!(Date.parse(validTo) < wallMs)) return [];
  return [
    { ...grievance("certPath", `the certificate has expired on ${validTo}`), severity: "warning", code: "tls_expired" },
  ];
}

/** Reads the files that are named, and makes them where the config says so and they are not there. */
export async function readGatewayTls({ tls: written }: Config["gateway"], files: TlsFiles): Promise<GatewayTls> {
  if (!written.enabled) return { tls: null, grievances: [] };
  // OpenClaw makes what it does not find. A place that somebody names holds what they put there: a wrong path is told, not filled.
  const isMade = written.autoGenerate ?? (written.certPath === undefined && written.keyPath === undefined);
  const made = isMade ? await generated(written, files) : null;
  if (made?.grievances.some(({ severity }) => severity === undefined))
    return { tls: null, grievances: made.grievances };
  const tls = made?.settings ?? written;
  const pair = made?.pair ?? null;
  const [cert, key, ca] = await Promise.all([
    pair === null ? pem("certPath", tls, files) : { text: pair.cert },
    pair === null ? pem("keyPath", tls, files) : { text: pair.key },
    tls.caPath === undefined ? null : pem("caPath", tls, files),
  ]);
  if (isGrievance(cert) || isGrievance(key) || isGrievance(ca)) {
    return { tls: null, grievances: [cert, key, ca].filter(isGrievance) };
  }
  const wrong = mismatch(cert.text, key.text);
  if (wrong !== null) return { tls: null, grievances: [wrong] };
  const grievances = [...(made?.grievances ?? []), ...expiry(cert.text, files.making.wallMs)];
  return { tls: { cert: cert.text, key: new Secret(key.text), clientCa: ca?.text ?? null }, grievances };
}
