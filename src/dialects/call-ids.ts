// Ids of calls as each API takes them. Histories hold ids of every provider that has answered; some are longer than the next one allows, or
// of other characters. A call and its result keep the same id, and two calls never share one.

/** What an API takes. */
export interface IdRules {
  readonly lengthMax: number;
  /** Characters that it refuses; none where it takes any. */
  readonly unsafe?: RegExp;
}

/** TABLE: the rules that are known: OpenClaw §5.7 for Anthropic and Google; OpenAI answers `string_above_max_length` beyond these lengths. */
export const ID_RULES = {
  "anthropic-messages": { lengthMax: 64, unsafe: /[^A-Za-z0-9_-]/g },
  "openai-responses": { lengthMax: 64 },
  "openai-chat": { lengthMax: 40 },
  // Of the models behind Google's API that know calls by id.
  "google-generative": { lengthMax: 64, unsafe: /[^\w-]/g },
} as const satisfies Record<string, IdRules>;

/**
 * The id of a call in an answer to a client of that API, whoever made it. The client sends it back, perhaps to a provider that is relayed
 * to: so it is one already that the API takes. `block` is the call's number in its answer.
 */
export function answerCallId(id: string, block: number, { lengthMax, unsafe }: IdRules): string {
  const plain = unsafe === undefined ? id : id.replaceAll(unsafe, "_");
  if (plain === id && id.length <= lengthMax) return id;
  // Two ids may differ only in what had to go.
  const suffix = `_${block}`;
  return plain.slice(0, lengthMax - suffix.length) + suffix;
}

/** The ids of one request. The same conversation gives the same ids again, and prompt caches hit. */
export class CallIds {
  readonly #rules: IdRules;
  readonly #safe = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #begun = new Set<string>();
  /** Numbers that were given to ids which are the same as far as the API takes them. */
  readonly #twins = new Map<string, number>();

  constructor(rules: IdRules) {
    this.#rules = rules;
  }

  /** The id of a call, where the API wants each to be another one: some clients number the calls of every answer anew. */
  begin(id: string): string {
    if (this.#begun.has(id)) this.#safe.delete(id);
    this.#begun.add(id);
    return this.of(id);
  }

  /** The id to write for a client's; of calls with one id the last one's. */
  of(id: string): string {
    const known = this.#safe.get(id);
    if (known !== undefined) return known;
    const { lengthMax, unsafe } = this.#rules;
    const plain = (unsafe === undefined ? id : id.replaceAll(unsafe, "_")).slice(0, lengthMax);
    let safe = plain;
    for (let nth = this.#twins.get(plain) ?? 2; this.#taken.has(safe); nth += 1) {
      const suffix = `_${nth}`;
      safe = plain.slice(0, lengthMax - suffix.length) + suffix;
      this.#twins.set(plain, nth + 1);
    }
    this.#safe.set(id, safe);
    this.#taken.add(safe);
    return safe;
  }
}
