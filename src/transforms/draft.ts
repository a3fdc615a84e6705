// One request on its way to one provider: what it was, and the top-level members that have changed. All transforms write into one draft,
// so that the bytes are spliced once, and members that nobody changed keep theirs (decision 9).
import type { Body, Edits } from "../core/body.ts";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import type { DialectName } from "../core/names.ts";
import { clientName } from "./client-names.ts";
import { stringifyWellFormed } from "./well-formed.ts";

/** The request before the transforms. */
interface Source {
  has(key: string): boolean;
  /** Undefined when absent, or broken below the top level: then it is the provider's to judge. */
  get(key: string): Json | undefined;
  /** Elements of a list; -1 for every other value. */
  count(key: string): number;
  /** False when this text is certainly no key or value within the member. */
  mayHold(key: string, text: string): boolean;
  encoded(edits: Edits): Encoded;
}

interface Encoded {
  readonly bytes: Buffer;
  /** Halves of surrogate pairs were left out. */
  readonly isCleaned: boolean;
}

/** Changes that were made before, and the names of what they took. */
export interface Prior {
  readonly edits: Edits;
  readonly adjusted: readonly string[];
}

/** A request as its client wrote it. */
class WrittenSource implements Source {
  readonly #body: Body;

  constructor(body: Body) {
    this.#body = body;
  }

  has(key: string): boolean {
    return this.#body.member(key) !== undefined;
  }

  get(key: string): Json | undefined {
    try {
      return this.#body.get(key);
    } catch {
      return undefined;
    }
  }

  count(key: string): number {
    return this.#body.member(key)?.elements ?? -1;
  }

  mayHold(key: string, text: string): boolean {
    return this.#body.holds(key, text);
  }

  encoded(edits: Edits): Encoded {
    return { bytes: this.#body.encoded(edits), isCleaned: false };
  }
}

/** A request that was put into other words. */
class TreeSource implements Source {
  readonly #tree: JsonObject;

  constructor(tree: JsonObject) {
    this.#tree = tree;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#tree, key);
  }

  get(key: string): Json | undefined {
    return this.has(key) ? this.#tree[key] : undefined;
  }

  count(key: string): number {
    const value = this.get(key);
    return Array.isArray(value) ? value.length : -1;
  }

  mayHold(key: string): boolean {
    return this.has(key);
  }

  encoded(edits: Edits): Encoded {
    const tree = edits.size === 0 ? this.#tree : Object.fromEntries(this.#members(edits));
    const { text, isCleaned } = stringifyWellFormed(tree);
    return { bytes: Buffer.from(text), isCleaned };
  }

  *#members(edits: Edits): Iterable<[string, Json]> {
    for (const [key, value] of Object.entries(this.#tree)) {
      const now = edits.has(key) ? edits.get(key) : value;
      if (now !== undefined) yield [key, now];
    }
    for (const [key, value] of edits) if (value !== undefined && !this.has(key)) yield [key, value];
  }
}

const NONE: readonly string[] = [];

/** What is noted of halves of surrogate pairs. */
const HALVES = "lone_surrogates";

/** A request that transforms change. */
export class Draft {
  /** The wire format it is written in. */
  readonly dialect: DialectName;
  readonly #client: Body;
  readonly #source: Source;
  #edits: Edits;
  /** Most drafts are not changed any further: the edits are copied when the first is. */
  #changed: Map<string, Json | undefined> | null = null;
  /** Most targets need no transform, so most drafts are never read. */
  #read: Map<string, Json | undefined> | null = null;
  #adjusted: Set<string> | null;

  private constructor(dialect: DialectName, of: { client: Body; source: Source; prior: Prior }) {
    this.dialect = dialect;
    this.#client = of.client;
    this.#source = of.source;
    this.#edits = of.prior.edits;
    this.#adjusted = of.prior.adjusted.length === 0 ? null : new Set(of.prior.adjusted);
  }

  /** A client's own body with the edits that make it one for the target. */
  static ofBody(dialect: DialectName, body: Body, prior: Prior): Draft {
    return new Draft(dialect, { client: body, source: new WrittenSource(body), prior });
  }

  /** The words that a client's body was translated into. */
  static ofTree(dialect: DialectName, tree: JsonObject, from: { client: Body; lost: readonly string[] }): Draft {
    const prior = { edits: new Map<string, Json>(), adjusted: from.lost };
    return new Draft(dialect, { client: from.client, source: new TreeSource(tree), prior });
  }

  /** What was taken from the client's words, each name once. */
  get adjusted(): readonly string[] {
    return this.#adjusted === null ? NONE : [...this.#adjusted];
  }

  has(key: string): boolean {
    return this.#edits.has(key) ? this.#edits.get(key) !== undefined : this.#source.has(key);
  }

  /** A top-level value as it is now; undefined when absent or broken. Shared: it must not be changed. */
  get(key: string): Json | undefined {
    if (this.#edits.has(key)) return this.#edits.get(key);
    this.#read ??= new Map();
    if (!this.#read.has(key)) this.#read.set(key, this.#source.get(key));
    return this.#read.get(key);
  }

  /** An object to add members to: empty when absent, null when something else stands there, which is the provider's to judge. */
  objectAt(key: string): JsonObject | null {
    if (!this.has(key)) return {};
    const value = this.get(key);
    return isJsonObject(value) ? value : null;
  }

  /** Elements of a list, without reading it; -1 for every other value. */
  count(key: string): number {
    if (!this.#edits.has(key)) return this.#source.count(key);
    const value = this.#edits.get(key);
    return Array.isArray(value) ? value.length : -1;
  }

  /** False when this text is certainly no key or value within the member: reading it can be spared. */
  mayHold(key: string, text: string): boolean {
    return this.#edits.has(key) ? this.has(key) : this.#source.mayHold(key, text);
  }

  set(key: string, value: Json): void {
    this.#change().set(key, value);
  }

  #change(): Map<string, Json | undefined> {
    if (this.#changed === null) this.#edits = this.#changed = new Map(this.#edits);
    return this.#changed;
  }

  /** Sets what the request leaves out. A written null is not left out. */
  fill(key: string, value: Json): void {
    if (!this.has(key)) this.set(key, value);
  }

  /** Takes a member out and notes it. */
  drop(key: string): void {
    if (!this.has(key)) return;
    this.take(key);
    this.note(key);
  }

  /** Takes a member out whose meaning stays in the request. */
  take(key: string): void {
    if (this.#source.has(key)) this.#change().set(key, undefined);
    else this.#change().delete(key);
  }

  /** Notes that something was dropped, renamed or clamped; `messages.name` for what lies deeper. What the client did not write is not noted. */
  note(name: string): void {
    const known = clientName(this.#client, name);
    if (known !== null) this.#adjust(known);
  }

  /** Takes a member out that goes on under another name; noted only where the client used this one. */
  rename(key: string, to: string): void {
    const value = this.get(key);
    if (value === undefined) return;
    this.fill(to, value);
    this.take(key);
    if (this.#client.member(key) !== undefined) this.#adjust(key);
  }

  #adjust(name: string): void {
    this.#adjusted ??= new Set();
    this.#adjusted.add(name);
  }

  /** True when the client wrote this, by whatever name its own wire format has for it. */
  wrote(name: string): boolean {
    return clientName(this.#client, name) !== null;
  }

  /** The request, ready to be sent. */
  encoded(): Buffer {
    const { bytes, isCleaned } = this.#source.encoded(this.#edits);
    if (isCleaned) (this.#adjusted ??= new Set()).add(HALVES);
    return bytes;
  }
}
