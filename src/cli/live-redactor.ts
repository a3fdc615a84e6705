// The redactor of a process whose secrets rotate and whose providers move: it knows those of the configuration in use, and for a while
// those before, which requests under way and late error messages may still hold.
import type { Snapshot } from "../core/snapshot.ts";
import { createPlaceMask } from "../telemetry/inner-places.ts";
import { createRedactor, type Redact } from "../telemetry/redact.ts";
import { providerOrigins } from "./provider-origins.ts";

/** Configurations whose secrets are remembered. */
const REMEMBERED = 8;

/** Follows the configuration. */
export class LiveRedactor {
  #values: readonly (readonly string[])[] = [];
  #origins: readonly (readonly string[])[] = [];
  #redact: Redact = (text) => text;
  /** Takes secrets out of a text, whatever configuration brought them. */
  readonly redact: Redact = (text) => this.#redact(text);
  #redactValues: Redact = (text) => text;
  /** Takes out known values only. */
  readonly redactValues: Redact = (text) => this.#redactValues(text);

  #maskPlaces: Redact = (text) => text;
  /** For words of providers on their way to a client: takes out where providers are, too, and what else is nobody's business. */
  readonly relayed: Redact = (text) => this.#maskPlaces(this.#redact(text));

  constructor(snapshot: Snapshot) {
    this.follow(snapshot);
  }

  follow(snapshot: Snapshot): void {
    const { secrets, logging } = snapshot;
    this.#origins = [providerOrigins(snapshot), ...this.#origins].slice(0, REMEMBERED);
    this.#maskPlaces = createPlaceMask(this.#origins.flat());
    this.#values = [secrets.reveal(), ...this.#values].slice(0, REMEMBERED);
    const values = this.#values.flat();
    this.#redact = createRedactor(values, logging.redact ? logging.redactPatterns : null);
    this.#redactValues = createRedactor(values, null);
  }
}
