// `models.providers.<id>.request`: how requests to one provider travel (OpenClaw's transport block).
import { z } from "../zod.ts";
import { httpUrl, text } from "./fields.ts";
import { secretHeaders, secretInput } from "./secret-ref.ts";

/** TLS of one connection; PEM texts. */
export const requestTls = z.strictObject({
  ca: secretInput.optional().describe("PEM text of the certificate authority to trust instead of the built-in ones."),
  cert: secretInput.optional().describe("PEM text of our client certificate."),
  key: secretInput.optional().describe("PEM text of the key of our client certificate."),
  passphrase: secretInput.optional().describe("Passphrase of `key`."),
  serverName: text.optional().describe("Name to expect in the provider's certificate, when it differs from the host."),
  insecureSkipVerify: z
    .boolean()
    .optional()
    .describe("Accepted by OpenClaw's schema and refused when used: only `false` is allowed."),
});

const requestAuth = z.discriminatedUnion("mode", [
  z.strictObject({ mode: z.literal("provider-default") }),
  z.strictObject({
    mode: z.literal("authorization-bearer"),
    token: secretInput.describe("Sent as `Authorization: Bearer`."),
  }),
  z.strictObject({
    mode: z.literal("header"),
    headerName: text.describe("Header that carries the credential; `Authorization` is then not sent."),
    value: secretInput.describe("The credential."),
    prefix: z.string().optional().describe("Put before the value, with no space added."),
  }),
]);

const requestProxy = z.discriminatedUnion("mode", [
  z.strictObject({ mode: z.literal("env-proxy"), tls: requestTls.optional().describe("TLS towards the proxy.") }),
  z.strictObject({
    mode: z.literal("explicit-proxy"),
    url: httpUrl.describe("Address of the proxy."),
    tls: requestTls.optional().describe("TLS towards the proxy."),
  }),
]);

/** How requests to one provider travel. */
export const requestTransport = z.strictObject({
  headers: secretHeaders.optional().describe("Headers that override those of provider and model."),
  auth: requestAuth.optional().describe("How the credential is sent, when not as the provider's `api` has it."),
  proxy: requestProxy.optional().describe("Egress proxy for this provider."),
  tls: requestTls.optional().describe("TLS towards the provider."),
  allowPrivateNetwork: z
    .boolean()
    .optional()
    .describe(
      "Allow private addresses (LAN, tailnet, private DNS). Loopback is allowed unless this is `false`; cloud metadata never is.",
    ),
});
