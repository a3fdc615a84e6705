// `gateway.auth`: what a client has to show (OpenClaw's modes).
import { z } from "../zod.ts";
import { count, ignored, ignoredKeys, text } from "./fields.ts";
import { secretInput } from "./secret-ref.ts";

const rateLimit = z.strictObject({
  maxAttempts: count.default(10).describe("Wrong secrets from one address before it is locked out."),
  windowMs: count.default(60_000).describe("Sliding window in which they are counted, in milliseconds."),
  lockoutMs: count.default(300_000).describe("How long a lockout lasts, in milliseconds."),
  exemptLoopback: z.boolean().default(true).describe("Never lock out loopback addresses."),
});

const trustedProxy = z.strictObject({
  userHeader: text.describe("Header in which the proxy in front of us names the user."),
  requiredHeaders: z.array(text).default([]).describe("Headers that must be present and not empty."),
  allowUsers: z.array(text).default([]).describe("Users that may enter; empty: all that the proxy names."),
  allowLoopback: z.boolean().default(false).describe("The proxy may run on this host."),
  ...ignoredKeys(["cloudflareAccessOidc", "deviceAutoApprove"], "Identities and devices of OpenClaw's web interface."),
});

/** `gateway.auth`. */
export const gatewayAuth = z.strictObject({
  mode: z
    .enum(["none", "token", "password", "trusted-proxy"])
    .optional()
    .describe("Default: `password` when one is given, else `token`. `none` only on loopback."),
  token: secretInput.optional().describe("Bearer token of clients; also OPENCLAW_GATEWAY_TOKEN."),
  password: secretInput.optional().describe("Bearer password of clients; also OPENCLAW_GATEWAY_PASSWORD."),
  rateLimit: rateLimit.optional().describe("Present: addresses that guess are locked out."),
  trustedProxy: trustedProxy.optional().describe("For mode `trusted-proxy`: what the proxy in front of us sends."),
  identityScopes: ignored("What single users may do beyond all others in OpenClaw."),
  allowTailscale: ignored("Login by Tailscale identity."),
});
