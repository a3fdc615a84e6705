// Tries the PEM texts of `request.tls` when the file is read: what no connection could use is a complaint at its key, and not a failure of
// every request.
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";

/** PEM texts as they were found; undefined where nothing is written or where what is written was not found, which is said elsewhere. */
export interface PemTexts {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly passphrase: string | undefined;
}

/** What is wrong with one of them. */
export interface PemProblem {
  readonly part: "ca" | "cert" | "key";
  readonly problem: string;
}

const NO_CERTIFICATE = "holds no certificate in PEM that can be read";

/** What is wrong with the texts, or with two of them together; never quotes them. */
export function pemProblems({ ca, cert, key, passphrase }: PemTexts): readonly PemProblem[] {
  const problems: PemProblem[] = [];
  if (ca !== undefined && certificateOf(ca) === null) problems.push({ part: "ca", problem: NO_CERTIFICATE });
  const certificate = cert === undefined ? null : certificateOf(cert);
  if (cert !== undefined && certificate === null) problems.push({ part: "cert", problem: NO_CERTIFICATE });
  if (key === undefined) return problems;
  const secret = keyOf(key, passphrase);
  if (secret === null) {
    problems.push({
      part: "key",
      problem: "holds no private key in PEM that can be read, or needs another `passphrase`",
    });
  } else if (certificate !== null && !certificate.checkPrivateKey(secret)) {
    problems.push({ part: "key", problem: "is not the key of the certificate in `cert`" });
  }
  return problems;
}

function certificateOf(text: string): X509Certificate | null {
  try {
    return text.includes("-----BEGIN ") ? new X509Certificate(text) : null;
  } catch {
    return null;
  }
}

function keyOf(key: string, passphrase: string | undefined): KeyObject | null {
  try {
    return createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    return null;
  }
}
