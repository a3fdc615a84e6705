// The config file as a schema. Keys, defaults and descriptions stand here and in this folder, and nowhere else.
import { z } from "../zod.ts";
import { agents } from "./agents.ts";
import { auth } from "./auth.ts";
import { edge } from "./edge.ts";
import { httpUrl, ignored, ignoredKeys, SECRET, text } from "./fields.ts";
import { gateway } from "./gateway.ts";
import { memory } from "./memory.ts";
import { models } from "./models.ts";
import { diagnostics, logging } from "./observing.ts";
import { secrets } from "./secrets.ts";

/** Root keys of OpenClaw that a proxy has no use for. */
const FOREIGN_ROOTS = [
  "meta",
  "wizard",
  "cli",
  "crestodian",
  "update",
  "browser",
  "ui",
  "accessGroups",
  "acp",
  "nodeHost",
  "tools",
  "bindings",
  "broadcast",
  "audio",
  "media",
  "messages",
  "commands",
  "approvals",
  "session",
  "cron",
  "commitments",
  "hooks",
  "web",
  "discovery",
  "canvasHost",
  "talk",
  "mcp",
  "skills",
  "surfaces",
  "attachments",
  "cloudWorkers",
  "desktop",
  "security",
  "telemetry",
  "transcripts",
  "tts",
  "worktreeAcceleration",
  "worktreeRoot",
] as const;

const env = z
  .object({
    vars: z
      .record(z.string(), z.string().meta({ [SECRET]: true }))
      .default({})
      .describe("Variables for this process; those of the real environment and of `.env` files win."),
    shellEnv: ignored("Import of the login shell's environment."),
  })
  .catchall(z.string().meta({ [SECRET]: true }));

const pluginEntry = z.strictObject({
  enabled: z.boolean().optional().describe("Whether the exporter runs."),
  ...ignoredKeys(["config", "hooks", "llm", "subagent", "apiKey", "env"], "Settings of an OpenClaw plugin."),
});

const plugins = z.strictObject({
  allow: z.array(text).optional().describe("Plugins that may run."),
  entries: z
    .object({
      "diagnostics-otel": pluginEntry.optional().describe("Gates the OpenTelemetry exporter."),
      "diagnostics-prometheus": pluginEntry.optional().describe("Gates the Prometheus endpoint."),
    })
    .catchall(ignored("A plugin of OpenClaw."))
    .prefault({})
    .describe("Plugins by id; only the two exporters mean something here."),
  ...ignoredKeys(["enabled", "deny", "load", "slots", "installs", "bundledDiscovery"], "OpenClaw's plugins."),
});

const proxy = z
  .strictObject({
    enabled: z
      .boolean()
      .optional()
      .describe(
        "Send all requests to providers through the proxy. Default: false; in a file with `agents.entries`, or that OpenClaw has migrated, true where there is an address.",
      ),
    proxyUrl: httpUrl.optional().describe("Address of the proxy; servers on this machine are reached directly."),
    tls: z
      .strictObject({
        caFile: text
          .optional()
          .describe("Authority of an `https://` proxy; it is not read here: name it in NODE_EXTRA_CA_CERTS."),
      })
      .optional()
      .describe("TLS towards the proxy."),
    ...ignoredKeys(["loopbackMode"], "How OpenClaw treats loopback behind the proxy."),
  })
  .superRefine(({ enabled, proxyUrl }, context) => {
    if (enabled === true && proxyUrl === undefined)
      context.addIssue({ code: "custom", path: ["proxyUrl"], message: "is needed where proxy.enabled is true" });
  });

/** The whole file. */
export const configSchema = z
  .strictObject({
    $schema: z.string().optional().describe("For editors."),
    models: models.prefault({}).describe("The providers and what they serve."),
    agents: agents.prefault({}).describe("What `openclaw/<agentId>` resolves to."),
    gateway: gateway.prefault({}).describe("Our own door."),
    auth: auth.prefault({}).describe("How long a failing credential is left alone."),
    secrets: secrets.prefault({}).describe("Where SecretRefs are looked up."),
    env: env.prefault({}).describe('Environment variables for this process: `vars`, or directly as `NAME: "value"`.'),
    logging: logging.prefault({}).describe("Log lines."),
    diagnostics: diagnostics.prefault({}).describe("Metrics and traces."),
    plugins: plugins.prefault({}).describe("OpenClaw's plugins; two of them gate exporters."),
    proxy: proxy.prefault({}).describe("Egress proxy for all providers."),
    memory: memory.prefault({}).describe("Of OpenClaw's memory only where embeddings go matters here."),
    edge: edge.prefault({}).describe("What this proxy has beyond OpenClaw."),
    channels: ignored(
      "OpenClaw's channels. Only their names mean something here: a request may name one, and metrics tell it.",
    ),
    ...ignoredKeys(FOREIGN_ROOTS, "A part of OpenClaw that a proxy has no use for."),
  })
  .meta({ title: "openclaw-edge configuration" });

/** The file with defaults applied. */
export type Config = z.output<typeof configSchema>;
/** The file as it may be written. */
export type ConfigInput = z.input<typeof configSchema>;
