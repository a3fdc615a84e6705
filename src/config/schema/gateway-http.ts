// `gateway.http`: which endpoints are served. They are on unless switched off (decision 1).
import { z } from "../zod.ts";
import { count, ignoredKeys } from "./fields.ts";

const enabled = z.boolean().default(true).describe("False: the path answers 404.");
const maxBodyBytes = count.optional().describe("Largest request body, in bytes. Default: `edge.limits.bodyBytes`.");
const AGENT_ONLY = "OpenClaw fetches and unpacks media; a proxy forwards what the client wrote.";

const chatCompletions = z.strictObject({
  enabled,
  maxBodyBytes,
  ...ignoredKeys(["maxImageParts", "maxTotalImageBytes", "images"], AGENT_ONLY),
});
const responses = z.strictObject({
  enabled,
  maxBodyBytes,
  ...ignoredKeys(["maxUrlParts", "files", "images"], AGENT_ONLY),
});
const plain = z.strictObject({ enabled });

const endpoints = z.strictObject({
  chatCompletions: chatCompletions.prefault({}).describe("`/v1/chat/completions`."),
  responses: responses.prefault({}).describe("`/v1/responses`."),
  messages: plain.prefault({}).describe("`/v1/messages`, Anthropic's format, and `/v1/messages/count_tokens`."),
  embeddings: plain.prefault({}).describe("`/v1/embeddings`."),
  models: plain.prefault({}).describe("`/v1/models`."),
});

/** `gateway.http`. */
export const gatewayHttp = z.strictObject({
  endpoints: endpoints.prefault({}).describe("The endpoints."),
  securityHeaders: z
    .strictObject({
      strictTransportSecurity: z
        .union([z.string().min(1), z.literal(false)])
        .optional()
        .describe("Value of `Strict-Transport-Security`; `false` or absent: not sent."),
    })
    .prefault({})
    .describe("Headers for browsers."),
});
