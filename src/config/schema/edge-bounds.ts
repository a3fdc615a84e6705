// The numbers of `edge`: bounds and clocks, for the process and for one provider (decisions 22 and 24).
import { z } from "../zod.ts";
import type { DialectName } from "../../core/names.ts";
import { REPAIR_NAMES } from "../../core/repairs.ts";
import { count, seconds, secondsOrOff } from "./fields.ts";

const KiB = 1024;
const MiB = 1_048_576;

/** `edge.limits.bytesInFlight` of a file that does not say, where memory is no matter. */
export const BYTES_IN_FLIGHT = 256 * MiB;

const DIALECTS = [
  "openai-chat",
  "openai-responses",
  "openai-embeddings",
  "anthropic-messages",
  "google-generative",
  "ollama",
] as const satisfies readonly DialectName[];

/** `edge.limits`. */
export const edgeLimits = z.strictObject({
  bodyBytes: count.default(20 * MiB).describe("Largest request body, in bytes."),
  headerBytes: z
    .int()
    .min(KiB)
    .max(MiB)
    .default(16 * KiB)
    .describe("Largest request head, in bytes."),
  depth: z.int().min(1).max(1000).default(64).describe("Deepest nesting of a request body."),
  eventBytes: count.default(8 * MiB).describe("Largest event of a stream, in bytes."),
  answerBytes: count
    .default(64 * MiB)
    .describe("Largest whole answer, and the most that is kept of a streamed one, in bytes."),
  bytesInFlight: count.optional().meta({
    description:
      "Most bytes held for all requests; above it new ones are turned away. In a container with less than 944 MiB the default is a third of what a busy process leaves (it takes 176 MiB).",
    default: BYTES_IN_FLIGHT,
  }),
  inflight: count.default(2000).describe("Most requests at once."),
  inflightPerProvider: count.default(500).describe("Most requests at once at one provider."),
});

/** The clocks of one provider; `otherwise` says what holds when one is absent. */
function providerClocks(otherwise: string) {
  return {
    connectSeconds: seconds
      .optional()
      .describe(`Longest dial, in seconds. ${otherwise}5, never above \`timeoutSeconds\`.`),
    commitSeconds: seconds
      .optional()
      .describe(`Dispatch to the first content of a stream, in seconds. ${otherwise}120; local servers 600.`),
    wholeSeconds: seconds
      .optional()
      .describe(`Dispatch to the end of an answer that is not streamed, in seconds. ${otherwise}600.`),
    idleSeconds: seconds
      .optional()
      .describe(`Longest silence of a provider within a stream, in seconds. ${otherwise}120.`),
  };
}

/** `edge.timeouts`. */
export const edgeTimeouts = z.strictObject({
  ...providerClocks("For providers without `timeoutSeconds`. Default: "),
  writeIdleSeconds: seconds
    .default(60)
    .describe("How long a client may take nothing of what we hold for it, in seconds."),
  deadlineSeconds: seconds.default(900).describe("Request read to first content, over all attempts, in seconds."),
  headSeconds: seconds.default(15).describe("Connection to complete request head, in seconds."),
  bodySeconds: seconds.default(60).describe("Request head to complete body, in seconds."),
  streamSeconds: secondsOrOff.default(0).describe("Longest stream, in seconds; 0 sets no bound."),
});

/** `edge.providers.<id>`. */
export const edgeProvider = z.strictObject({
  dialects: z
    .array(z.enum(DIALECTS))
    .min(1)
    .optional()
    .describe("Wire formats that it answers natively. Default: the built-in provider's, else what its `api` names."),
  timeouts: z
    .strictObject(providerClocks("Default: `timeoutSeconds`, else `edge.timeouts`, else "))
    .prefault({})
    .describe("Its clocks, in seconds."),
  inflight: count.optional().describe("Most requests at once. Default: `edge.limits.inflightPerProvider`."),
  rotation: z
    .enum(["sticky", "lru"])
    .default("sticky")
    .describe("Several keys: stay with the last good one, or spread requests over all."),
  repairs: z
    .union([z.boolean(), z.array(z.enum(REPAIR_NAMES))])
    .default(true)
    .describe(
      "Mend its answers (`edge.compat.repairs`): false mends nothing, a list names what is left alone. OpenAI's own services are mended only where a stream and a whole answer are taken for each other.",
    ),
  toolText: z
    .boolean()
    .optional()
    .describe(
      "Read tool calls that a model writes as text in brackets, and warn of text that looks like a call. Default: true for servers on loopback and private networks, else false.",
    ),
  answersOnly: z
    .enum(["streams", "whole"])
    .optional()
    .describe(
      "It answers in one way only, whatever it is asked for: it is asked so, and its answers are made what the client wants. Absent: both ways.",
    ),
});
