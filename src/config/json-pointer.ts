// JSON Pointer (RFC 6901), for SecretRefs into a file.
import { isJsonObject, type Json } from "../core/json.ts";

/** The value at an absolute pointer such as `/providers/openai`; undefined when there is none. */
export function atPointer(root: Json, pointer: string): Json | undefined {
  let value: Json | undefined = root;
  for (const escaped of pointer.split("/").slice(1)) {
    const name = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(value))
      value = /^(0|[1-9]\d*)$/.test(name) ? (value as readonly Json[])[Number(name)] : undefined;
    else if (isJsonObject(value) && Object.hasOwn(value, name)) value = value[name];
    else return undefined;
  }
  return value;
}
