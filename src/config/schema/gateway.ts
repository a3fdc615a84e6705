// `gateway`: our own door.
import { z } from "../zod.ts";
import { AddressList } from "../../core/ip-address.ts";
import { countOrZero, httpUrl, ignoredKeys, text } from "./fields.ts";
import { gatewayAuth } from "./gateway-auth.ts";
import { gatewayHttp } from "./gateway-http.ts";

/** Where OpenClaw listens, and so do we. */
export const DEFAULT_PORT = 18_789;

const addressOrRange = z
  .string()
  .refine(
    (entry) => new AddressList([entry]).invalid.length === 0,
    "must be an IP address or a CIDR range such as 10.0.0.0/8",
  );

const tls = z.strictObject({
  enabled: z.boolean().default(false).describe("Serve https."),
  autoGenerate: z
    .boolean()
    .optional()
    .describe(
      "Make a self-signed certificate where there is none, in `certPath` and `keyPath`, else in the state folder. Default: where neither path is written.",
    ),
  certPath: text.optional().describe("File of the certificate chain, PEM."),
  keyPath: text.optional().describe("File of the key, PEM."),
  caPath: text.optional().describe("File of the authority for client certificates, PEM."),
});

const reload = z.strictObject({
  mode: z
    .enum(["off", "restart", "hot", "hybrid"])
    .default("hybrid")
    .describe(
      "What a changed file does: nothing; everything, and every connection starts anew; only what can be swapped; everything (default).",
    ),
  debounceMs: countOrZero.default(300).describe("Quiet time after a change before it is read, in milliseconds."),
  deferralTimeoutMs: countOrZero
    .default(300_000)
    .describe(
      "How long a worker that is replaced because of a change lets its requests run before it drains, in milliseconds; 0: as long as they take.",
    ),
});

const controlUi = z.strictObject({
  allowedOrigins: z
    .array(text)
    .default([])
    .describe("Origins that a browser behind a trusted proxy may have; `*` allows all."),
  ...ignoredKeys(
    [
      "enabled",
      "basePath",
      "root",
      "embedSandbox",
      "allowExternalEmbedUrls",
      "dangerouslyAllowHostHeaderOriginFallback",
      "allowInsecureAuth",
      "dangerouslyDisableDeviceAuth",
      "chatMessageMaxWidth",
      "automaticallyFetchFavicons",
      "communityInvite",
      "environment",
      "experimental",
      "github",
      "sessionObserver",
    ],
    "OpenClaw's web interface.",
  ),
});

/** `gateway`. */
export const gateway = z.strictObject({
  mode: z.enum(["local", "remote"]).optional().describe("Must be `local`, when written, to serve."),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(DEFAULT_PORT)
    .describe("Port to listen on; 0 takes a free one. `--port` and OPENCLAW_GATEWAY_PORT win."),
  bind: z
    .enum(["loopback", "lan", "tailnet", "custom", "auto"])
    .default("loopback")
    .describe("Addresses to listen on. All but `loopback` need authentication."),
  customBindHost: z.ipv4("must be an IPv4 address").optional().describe('The address for `bind: "custom"`.'),
  auth: gatewayAuth.prefault({}).describe("What a client has to show."),
  publicOrigin: httpUrl
    .optional()
    .describe("Where the gateway is reached from outside: a name by which browsers may call the status page."),
  trustedProxies: z
    .array(addressOrRange)
    .default([])
    .describe("Addresses and CIDR ranges of reverse proxies whose `X-Forwarded-For` is believed."),
  allowRealIpFallback: z.boolean().default(false).describe("Believe `X-Real-IP` of trusted proxies, too."),
  tls: tls.prefault({}).describe("Serve https ourselves."),
  http: gatewayHttp.prefault({}).describe("The HTTP surface."),
  reload: reload.prefault({}).describe("What a changed config file does."),
  controlUi: controlUi.prefault({}).describe("Of OpenClaw's web interface only the allowed origins matter here."),
  roles: z
    .looseObject({})
    .optional()
    .describe("What users of a trusted proxy may do: a proxy cannot tell, and refuses to serve them with it."),
  ...ignoredKeys(
    ["remote", "tailscale", "nodes", "portals"],
    "OpenClaw's other ways to its gateway; a proxy has only HTTP.",
  ),
  ...ignoredKeys(
    [
      "channelHealthCheckMinutes",
      "channelMaxRestartsPerHour",
      "channelStaleEventThresholdMinutes",
      "cliAgents",
      "handshakeTimeoutMs",
      "push",
      "terminal",
      "tools",
      "webchat",
    ],
    "OpenClaw's channels and tools.",
  ),
});
