// Where a provider's own words may begin. What is read for a complaint is read from there: words in the middle of a message might be a value
// that a client wrote, and what is learned from a complaint holds for everybody.

/** What gateways put in front: `Provider returned error: `, `litellm.BadRequestError: OpenAIException - `. Nothing in quotes. */
const OPENING = /^[^'"`:]{1,80}?(?:: | - )/;
const OPENINGS_MAX = 4;

/** The text, and what is left of it behind each opening. */
export function beginnings(text: string): readonly string[] {
  const found = [text];
  for (let rest = text; found.length <= OPENINGS_MAX;) {
    const opening = OPENING.exec(rest)?.[0];
    if (opening === undefined) break;
    rest = rest.slice(opening.length);
    found.push(rest);
  }
  return found;
}
