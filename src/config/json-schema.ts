// The JSON Schema of the config, for editors and for `config schema`; made from the schema that is used, so that it cannot differ.
import { z } from "./zod.ts";
import { configSchema } from "./schema/root.ts";

/** A JSON Schema (draft 2020-12) of what may be written, with descriptions and defaults. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configSchema, { io: "input", reused: "inline" });
}
