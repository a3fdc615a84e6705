// The published shapes of OpenAI's smaller answers, strict: models, embeddings, errors (https://github.com/openai/openai-openapi). What we
// add for Open WebUI, LibreChat and OpenRouter-style clients is listed apart.
import { z } from "zod";
import { faultsOf } from "./judged.ts";

const model = z.looseObject({
  id: z.string().min(1),
  object: z.literal("model"),
  created: z.int(),
  owned_by: z.string(),
});
const models = z.strictObject({ object: z.literal("list"), data: z.array(model) });
const embeddings = z.strictObject({
  object: z.literal("list"),
  data: z.array(
    z.strictObject({
      object: z.literal("embedding"),
      index: z.int().nonnegative(),
      embedding: z.union([z.array(z.number()).min(1), z.base64()]),
    }),
  ),
  model: z.string().min(1),
  usage: z.strictObject({ prompt_tokens: z.int(), total_tokens: z.int() }),
});
const error = z.strictObject({
  error: z.strictObject({
    message: z.string().min(1),
    type: z.string().min(1),
    param: z.string().nullable(),
    code: z.string().nullable(),
    /** Ours: what was tried. */
    attempts: z.array(z.looseObject({})).optional(),
  }),
});

/** What is wrong with a list of models. */
export function modelsFaults(body: unknown): string[] {
  return faultsOf(models, body, "models");
}

/** What is wrong with embeddings. */
export function embeddingsFaults(body: unknown): string[] {
  const faults = faultsOf(embeddings, body, "embeddings");
  if (faults.length > 0) return faults;
  const { data } = body as z.infer<typeof embeddings>;
  return data.every(({ index }, at) => index === at) ? [] : ["embeddings: out of order"];
}

/** What is wrong with an error. */
export function openaiErrorFaults(body: unknown): string[] {
  return faultsOf(error, body, "error");
}
