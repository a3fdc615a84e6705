// A line between two processes: words with what is said, some of which are answered. Knows no word; carries whatever Node's IPC carries.

/** The words of one side: what is said with each, and what it is answered with (void: it is not). */
export interface Vocabulary {
  readonly [word: string]: { readonly says: unknown; readonly answer: unknown };
}

/** Who hears each word. */
export type Hearers<Words extends Vocabulary> = {
  readonly [Word in keyof Words]: (says: Words[Word]["says"]) => Words[Word]["answer"] | Promise<Words[Word]["answer"]>;
};

/** What crosses. `number` belongs to a question, `to` to its answer. */
export interface Packet {
  readonly word: string;
  readonly says: unknown;
  readonly number?: number;
  readonly to?: number;
  /** The other side could not answer: a bug there. */
  readonly failed?: string;
}

/** What a line is made of. */
export interface LineParts<Theirs extends Vocabulary> {
  readonly post: (packet: Packet) => void;
  readonly hearers: Hearers<Theirs>;
  /** A hearer failed. */
  readonly onBug: (error: unknown) => void;
}

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** One end. */
export class Line<Mine extends Vocabulary, Theirs extends Vocabulary> {
  readonly #parts: LineParts<Theirs>;
  readonly #pending = new Map<number, Pending>();
  #asked = 0;
  #closed = false;

  constructor(parts: LineParts<Theirs>) {
    this.#parts = parts;
  }

  /** Says something and waits for nothing. */
  tell<Word extends keyof Mine & string>(word: Word, says: Mine[Word]["says"]): void {
    if (!this.#closed) this.#parts.post({ word, says });
  }

  /** Resolves with the answer; rejects when the other side fails or goes. */
  ask<Word extends keyof Mine & string>(word: Word, says: Mine[Word]["says"]): Promise<Mine[Word]["answer"]> {
    if (this.#closed) return Promise.reject(new Error("the other process has gone"));
    this.#asked += 1;
    const number = this.#asked;
    return new Promise((resolve, reject) => {
      this.#pending.set(number, { resolve, reject });
      this.#parts.post({ word, says, number });
    });
  }

  /** Hears what came in. Whatever is no packet of ours is left alone. */
  take(message: unknown): void {
    if (!isPacket(message)) return;
    if (message.to !== undefined) this.#settle(message.to, message);
    else void this.#hear(message);
  }

  /** The other side has gone: nobody is answered any more. */
  close(): void {
    this.#closed = true;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(new Error("the other process has gone"));
  }

  #settle(number: number, { says, failed }: Packet): void {
    const pending = this.#pending.get(number);
    this.#pending.delete(number);
    if (failed === undefined) pending?.resolve(says as never);
    else pending?.reject(new Error(failed));
  }

  /** What is not a question is heard at once: order is what makes news of them. */
  #hear({ word, says, number }: Packet): void | Promise<void> {
    const hearer = this.#parts.hearers[word];
    if (hearer === undefined) return;
    try {
      const answer = hearer(says);
      if (number !== undefined) return this.#answer(Promise.resolve(answer), { word, number });
    } catch (error) {
      this.#parts.onBug(error);
      if (number !== undefined) this.#parts.post({ word, says: null, to: number, failed: `${word} failed` });
    }
  }

  async #answer(answer: Promise<unknown>, { word, number }: { readonly word: string; readonly number: number }) {
    try {
      const says = await answer;
      if (!this.#closed) this.#parts.post({ word, says, to: number });
    } catch (error) {
      this.#parts.onBug(error);
      if (!this.#closed) this.#parts.post({ word, says: null, to: number, failed: `${word} failed` });
    }
  }
}

function isPacket(message: unknown): message is Packet {
  return typeof message === "object" && message !== null && "word" in message && "says" in message;
}
