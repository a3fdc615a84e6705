// Listens to what goes over the wire between a client library and the product: heads, receipts, and bodies for the judges of published shapes.
import { publishedFaults } from "../support/published/index.ts";

/** One answer. */
interface Tapped {
  readonly path: string;
  readonly response: Response;
  /** Null where the client left before the end. */
  readonly text: Promise<string | null>;
}

/** The line of one conversation. */
export class Wiretap {
  readonly #answers: Tapped[] = [];

  /** For the client library, in place of the global one. */
  readonly fetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const copy = response.clone();
    const path = new URL(response.url).pathname;
    this.#answers.push({ path, response, text: copy.text().catch(() => null) });
    return response;
  };

  /** What the receipts name as dropped, renamed or clamped. */
  get adjusted(): readonly string[] {
    const named = this.#answers.flatMap(
      ({ response }) => response.headers.get("x-openclaw-adjusted")?.split(", ") ?? [],
    );
    return [...new Set(named)].toSorted();
  }

  /** Where an answer does not have the shape that its API publishes. */
  async faults(): Promise<readonly string[]> {
    const all = this.#answers.map(async ({ path, response, text }) => {
      const type = response.headers.get("content-type") ?? "";
      const body = await text;
      return body === null ? [] : publishedFaults({ path, status: response.status, type, text: body });
    });
    return (await Promise.all(all)).flat();
  }
}
