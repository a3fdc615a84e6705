// Words of the mock: what it says when it has nothing to say, and how it counts tokens.
import type { Random } from "../core/ids.ts";
import { pick } from "./seeded-random.ts";

const LOREM = (
  "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna " +
  "aliqua ut enim ad minim veniam quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat"
).split(" ") as [string, ...string[]];

/** A token of the mock is a word with the space before it; long words and texts without spaces are cut. */
const PIECE = /\s*\S{1,12}|\s+$/gu;

/** A text in tokens, one by one; joined they are the text. */
export function* piecesOf(text: string): Generator<string> {
  for (const [piece] of text.matchAll(PIECE)) yield piece;
}

/** How many tokens the mock counts in a text. */
export function countTokens(text: string): number {
  let tokens = 0;
  for (const _ of text.matchAll(PIECE)) tokens += 1;
  return tokens;
}

/** One word. */
export function loremWord(random: Random): string {
  return pick(LOREM, random);
}

/** Some sentences of lorem ipsum, of this many words in all. */
export function loremText(words: number, random: Random): string {
  const sentences: string[] = [];
  for (let left = words; left > 0;) {
    const length = Math.min(left, 6 + Math.floor(random() * 8));
    const said = Array.from({ length }, () => loremWord(random)).join(" ");
    sentences.push(`${said.charAt(0).toUpperCase()}${said.slice(1)}.`);
    left -= length;
  }
  return sentences.join(" ");
}
