// `edge`: what this proxy has beyond OpenClaw. OpenClaw refuses the key: wrap its file, `{ $include: "./openclaw.json", edge: {…} }`.
import { z } from "../zod.ts";
import { type RemedyName, REMEDIES } from "../../core/remedy.ts";
import { edgeLimits, edgeProvider, edgeTimeouts } from "./edge-bounds.ts";
import { count, secondsOrOff, share, text } from "./fields.ts";

const remedyName = z.enum(Object.keys(REMEDIES) as [RemedyName, ...RemedyName[]]);

const exactOrigin = z
  .string()
  .regex(/^https?:\/\/[^/?#@\s*]+$/, "must be an exact origin such as https://chat.example.com, without a path");

const stream = z.strictObject({
  headersAfterSeconds: secondsOrOff
    .default(0)
    .describe(
      "Send 200 and comments to a streamed request that waits this long, in seconds; 0 waits for the real status.",
    ),
  keepAliveSeconds: secondsOrOff
    .default(15)
    .describe("Send a comment after this much silence on a committed stream, in seconds; 0 sends none."),
});

const failover = z.strictObject({
  attemptsMax: z.int().min(1).max(20).default(5).describe("Most attempts for one request, the first included."),
  sameProviderShare: share
    .default(0.2)
    .describe("Part of a provider's requests that may be repeats at that provider, 0 to 1."),
  emptyAnswer: z
    .enum(["advance", "accept"])
    .default("advance")
    .describe("What an answer without any content does: try the next model, or count as the answer."),
});

const hedge = z.strictObject({
  afterMs: count
    .optional()
    .describe("Ask a second provider, too, when the first is silent this long, in milliseconds; absent: never."),
  share: share.default(0.05).describe("Part of the requests that may be hedged, 0 to 1."),
});

const admin = z.strictObject({
  port: z.int().min(0).max(65_535).optional().describe("Port for health and metrics apart from clients; absent: none."),
  bind: text.default("127.0.0.1").describe("Address of the admin port."),
  metricsAuth: z.enum(["token", "none"]).default("token").describe("What `/metrics` asks for."),
});

/** `edge`. */
export const edge = z.strictObject({
  models: z
    .strictObject({
      expose: z
        .enum(["agents", "all"])
        .default("agents")
        .describe("`all`: clients may also name `provider/model`, aliases and model ids, and see them listed."),
    })
    .prefault({})
    .describe("What clients may ask for."),
  cors: z
    .strictObject({
      allowOrigins: z.array(exactOrigin).default([]).describe("Exact origins that browsers may call from."),
    })
    .prefault({})
    .describe("Calls from web pages."),
  receipts: z
    .enum(["full", "minimal"])
    .optional()
    .describe("Response headers that tell who answered. Default: `full`; `minimal` behind a trusted proxy."),
  limits: edgeLimits.prefault({}).describe("Bounds that protect the process."),
  timeouts: edgeTimeouts.prefault({}).describe("Clocks, in seconds."),
  providers: z.record(text, edgeProvider).default({}).describe("Extras by provider id."),
  drain: z
    .strictObject({
      preStopSeconds: secondsOrOff
        .optional()
        .describe(
          "Time between being told to stop and refusing connections, in seconds. Default: 0 on loopback, else 5.",
        ),
      deadlineSeconds: secondsOrOff.default(25).describe("Time that running requests get to finish, in seconds."),
    })
    .prefault({})
    .describe("How the process stops."),
  stream: stream.prefault({}).describe("Streams."),
  failover: failover.prefault({}).describe("Going on after a failure."),
  hedge: hedge.prefault({}).describe("Asking a second provider before the first has failed."),
  compat: z
    .strictObject({
      repairs: z
        .boolean()
        .default(true)
        .describe(
          "Mend deviations in answers, such as tool calls without an id or written as text; off for all providers when false.",
        ),
      selfHeal: z
        .boolean()
        .default(true)
        .describe("Learn from a provider's complaint what to leave out or to rename, and repeat once."),
      adjust: z
        .record(text, z.array(remedyName))
        .default({})
        .describe(
          "What self-healing would have to learn, by `provider/model`: names as its log lines and `explain` have them.",
        ),
    })
    .prefault({})
    .describe("Getting along with servers that differ."),
  embeddings: z
    .strictObject({
      allowModelFallback: z
        .boolean()
        .default(false)
        .describe("Let embeddings fail over to another model, although vectors of two models do not mix."),
    })
    .prefault({})
    .describe("Embeddings."),
  telemetry: z
    .strictObject({
      legacyGenAi: z.boolean().default(true).describe("Also export the older names of the GenAI conventions."),
      trustTraceContext: z
        .boolean()
        .optional()
        .describe(
          "Continue the traces that clients send. Default: those of programs of this machine and of `gateway.trustedProxies`.",
        ),
    })
    .prefault({})
    .describe("Metrics and traces."),
  statusPage: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Serve `/` and `/status` to browsers."),
      hosts: z
        .array(text)
        .default([])
        .describe(
          "Names by which browsers may call the page, beside addresses, loopback, names without a dot and `gateway.publicOrigin`.",
        ),
    })
    .prefault({})
    .describe("The page for people."),
  admin: admin.prefault({}).describe("A second port for health and metrics."),
  workers: z
    .union([z.int().min(1).max(256), z.literal("auto")])
    .default(1)
    .describe("Processes that serve the port; `auto` has one for each processor core that this process may use."),
});
