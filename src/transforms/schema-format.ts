// `supportsJsonSchemaResponseFormat: false`: a JSON schema for the answer is left out; nobody else in the chain could hold to it.
import type { Draft } from "./draft.ts";
import { objectOf, without } from "./reading.ts";
import type { Transform } from "./transform.ts";

const SCHEMA = "json_schema";

/** Leaves the schema out. */
export const schemaFormat: Transform = {
  dialects: ["openai-chat", "openai-responses"],
  needed: ({ target }) => target.compat.supportsJsonSchemaResponseFormat === false,
  apply: (draft) => {
    if (draft.dialect === "openai-chat") {
      if (objectOf(draft.get("response_format"))["type"] === SCHEMA) draft.drop("response_format");
    } else spareText(draft);
  },
};

function spareText(draft: Draft): void {
  const text = objectOf(draft.get("text"));
  if (objectOf(text["format"])["type"] !== SCHEMA) return;
  const rest = without(text, "format");
  if (Object.keys(rest).length === 0) draft.take("text");
  else draft.set("text", rest);
  draft.note("text.format");
}
