// The user of a request, as far as both OpenAI APIs take one.
import type { ChatRequest } from "../vocabulary.ts";

/** Longer ones are answered with 400 `string_above_max_length`; Claude Code's `metadata.user_id` has about 150 characters. */
const USER_LENGTH_MAX = 64;

/** `user`. One that is too long is left out: its beginning alone may be another user's, too. */
export function encodeUser({ user }: ChatRequest, lost: Set<string>): string | undefined {
  if (user === undefined || user.length <= USER_LENGTH_MAX) return user;
  lost.add("user");
  return undefined;
}
