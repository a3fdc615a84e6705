// What strangers say, as a command may show it.

/** One line, and nothing in it that moves the cursor, changes colours or turns text round: a provider's words are no commands. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
}
