// The error envelope of the OpenAI surface (fault contract §0.1): always four keys, always bounded.
// Says what a failure's row says; decides nothing.
import { dispositionOf, type Failure } from "../core/failure.ts";
import type { JsonObject } from "../core/json.ts";

/** Bytes of a message at most. */
const MESSAGE_BYTES_MAX = 1024;
/** Bytes of a code or a parameter's name at most; a relayed error brings its provider's own. */
const NAME_BYTES_MAX = 256;
/** Characters of a client-supplied name that a message repeats. */
const SHOWN_CHARACTERS_MAX = 64;

const encoder = new TextEncoder();
const scratch = new Uint8Array(MESSAGE_BYTES_MAX);

/** `{"error":{"message","type","param","code"}}` of a failure, as OpenAI's own SDKs read it. */
export function openaiErrorBody(of: Failure): JsonObject {
  const row = dispositionOf(of.kind);
  return {
    error: {
      message: bounded(of.message, MESSAGE_BYTES_MAX),
      type: of.type ?? row.type,
      param: of.param === null ? null : bounded(of.param, NAME_BYTES_MAX),
      code: codeOf(of.code ?? row.code),
    },
  };
}

/** A name that the client supplied, short enough to be repeated to it. */
export function shownName(name: string): string {
  return name.length <= SHOWN_CHARACTERS_MAX ? name : `${name.slice(0, SHOWN_CHARACTERS_MAX)}…`;
}

function codeOf(code: string | null): string | null {
  return code === null ? null : bounded(code, NAME_BYTES_MAX);
}

/** The text, cut between characters so that it takes no more than so many bytes of UTF-8. */
function bounded(text: string, bytesMax: number): string {
  // No character of a JavaScript string takes more than three bytes per unit.
  if (text.length * 3 <= bytesMax) return text;
  const { read } = encoder.encodeInto(text, scratch.subarray(0, bytesMax));
  return read === text.length ? text : text.slice(0, read);
}
