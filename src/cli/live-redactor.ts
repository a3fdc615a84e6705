// The redactor of a process whose secrets rotate: it knows those of the configuration in use, and for a while those before, which
// requests under way and late error messages may still hold.
import type { Snapshot } from "../core/snapshot.ts";
import { createRedactor, type Redact } from "../telemetry/redact.ts";

/** Configurations whose secrets are remembered. */
const REMEMBERED = 8;

/** Follows the configuration. */
export class LiveRedactor {
  #values: readonly (readonly string[])[] = [];
  #redact: Redact = (text) => text;
  /** Takes secrets out of a text, whatever configuration brought them. */
  readonly redact: Redact = (text) => this.#redact(text);
  #redactValues: Redact = (text) => text;
  /** Takes out known values only. */
  readonly redactValues: Redact = (text) => this.#redactValues(text);

  constructor(snapshot: Snapshot) {
    this.follow(snapshot);
  }

  follow({ secrets, logging }: Snapshot): void {
    this.#values = [secrets.reveal(), ...this.#values].slice(0, REMEMBERED);
    const values = this.#values.flat();
    this.#redact = createRedactor(values, logging.redact ? logging.redactPatterns : null);
    this.#redactValues = createRedactor(values, null);
  }
}
