// `memory`, and `memorySearch` as older files have it: where embeddings go. The memory itself is OpenClaw's.
import { z } from "../zod.ts";
import { MEMORY_KEYS } from "./agents-foreign.ts";
import { count, ignored, ignoredKeys, text } from "./fields.ts";
import { plainHeaders, secretInput } from "./secret-ref.ts";

/** `memory.search` of the file and of an agent, and `memorySearch`. */
export const memorySearch = z.strictObject({
  provider: text.optional().describe("Provider of embeddings."),
  model: text.optional().describe("Embedding model."),
  outputDimensionality: count.optional().describe("Size of the vectors, for requests that state no `dimensions`."),
  inputType: text
    .optional()
    .describe("What texts are embedded for (`query`, `document`, …), for requests that state no `input_type`."),
  remote: z
    .strictObject({
      baseUrl: text.optional().describe("API root of the embeddings server."),
      apiKey: secretInput.optional().describe("Its key."),
      headers: plainHeaders.optional().describe("Its static headers."),
      ...ignoredKeys(["batch", "nonBatchConcurrency"], "How OpenClaw's memory index is filled."),
    })
    .optional()
    .describe("An embeddings server that is not among `models.providers`."),
  ...ignoredKeys(MEMORY_KEYS, "OpenClaw's memory index; a proxy only forwards `/v1/embeddings`."),
});

/** `memory`. */
export const memory = z
  .object({ search: memorySearch.optional().describe("Where `/v1/embeddings` goes.") })
  .catchall(ignored("OpenClaw's memory."));

/** Where embeddings go, as written. */
export type MemoryConfig = z.output<typeof memorySearch>;
