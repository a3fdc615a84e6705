// `request.tls` is tried when the file is read: what no connection could use is a complaint at its key and not a failure of every request.
import { createPrivateKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { CERTIFICATE, CERTIFICATE_KEY, OTHER_CERTIFICATE_KEY } from "../../support/certificate.ts";
import { compileTree, withProvider } from "./compile-rig.ts";

const LOCKED = createPrivateKey(CERTIFICATE_KEY)
  .export({ type: "pkcs8", format: "pem", cipher: "aes-128-cbc", passphrase: "sesame" })
  .toString();
const PAIR = { cert: CERTIFICATE, key: CERTIFICATE_KEY };
const GARBAGE = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

const ROWS: readonly (readonly [sentence: string, tls: object, key: string | null, problem: RegExp])[] = [
  ["an authority and a pair are taken", { ca: CERTIFICATE, ...PAIR }, null, /./],
  ["text around certificates is taken", { ca: `# ours\n${CERTIFICATE}${CERTIFICATE}` }, null, /./],
  ["a key with its passphrase is taken", { cert: CERTIFICATE, key: LOCKED, passphrase: "sesame" }, null, /./],
  ["an authority that is no certificate is refused", { ca: "ca.pem" }, "ca", /no certificate/],
  ["one that only looks like a certificate is refused", { ca: GARBAGE }, "ca", /no certificate/],
  ["a certificate that is none is refused", { ...PAIR, cert: "cert.pem" }, "cert", /no certificate/],
  ["a key that is none is refused", { ...PAIR, key: CERTIFICATE }, "key", /no private key/],
  ["a key with another passphrase is refused", { ...PAIR, key: LOCKED, passphrase: "sim" }, "key", /passphrase/],
  ["a key that lacks its passphrase is refused", { ...PAIR, key: LOCKED }, "key", /passphrase/],
  ["another certificate's key is refused", { ...PAIR, key: OTHER_CERTIFICATE_KEY }, "key", /not the key/],
];

describe("request.tls", () => {
  it.each(ROWS)("%s", async (_sentence, tls, key, problem) => {
    const proxy = { mode: "explicit-proxy", url: "https://proxy.example", tls };
    for (const [request, place] of [
      [{ tls }, "request.tls"],
      [{ proxy }, "request.proxy.tls"],
    ] as const) {
      const { complaints } = await compileTree(withProvider({ apiKey: "k", request }));
      const expected = key === null ? [] : [{ severity: "error", path: `models.providers.p.${place}.${key}` }];
      expect(complaints).toMatchObject(expected);
      for (const { message } of complaints) expect(message).toMatch(problem);
    }
  });

  it("says nothing more of a text that is an unset variable", async () => {
    const { complaints } = await compileTree(withProvider({ apiKey: "k", request: { tls: { ca: "${GONE}" } } }));
    expect(complaints.map(({ code }) => code)).toEqual(["missing_variable"]);
  });
});
