// One request as the scripted provider received it, and what became of it.
import type { Head } from "./http-bytes.ts";

/** One request. */
export class ProviderRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Head lines as sent, the request line first. */
  readonly headLines: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Number of the connection, from 1, and of the request on it, from 1: a 2 came over a reused connection. */
  readonly connection: number;
  readonly onConnection: number;
  /** Resolves when the connection goes away before the answer is complete; never otherwise. */
  readonly gone: Promise<void>;
  readonly #progress: Progress;
  /** Asked for again and again while tests wait. */
  #json: Readonly<Record<string, unknown>> | null = null;

  constructor(head: Head, body: Buffer, at: Place) {
    const [method = "", path = ""] = head.lines[0]?.split(" ") ?? [];
    this.method = method;
    this.path = path;
    this.headLines = head.lines;
    this.headers = head.headers;
    this.body = body;
    this.connection = at.connection;
    this.onConnection = at.onConnection;
    this.gone = at.gone;
    this.#progress = at.progress;
  }

  /** Bytes of the answer that the kernel or its queue has taken so far; grows no more when the reader does not read. */
  get bytesSent(): number {
    return this.#progress.bytesSent;
  }

  /** True once the whole answer was written. */
  get answered(): boolean {
    return this.#progress.completed;
  }

  /** The body, parsed. Throws when it is not a JSON object. */
  json(): Readonly<Record<string, unknown>> {
    return (this.#json ??= this.#parsed());
  }

  #parsed(): Readonly<Record<string, unknown>> {
    const value: unknown = JSON.parse(this.body.toString("utf8"));
    if (typeof value !== "object" || value === null)
      throw new Error(`not a JSON object: ${this.body.toString("utf8")}`);
    return value as Readonly<Record<string, unknown>>;
  }

  /** The body's `model`; empty where there is none. */
  get model(): string {
    const model = this.body.length === 0 ? "" : this.json()["model"];
    return typeof model === "string" ? model : "";
  }

  /** True when the body asks for a stream. */
  get stream(): boolean {
    return this.body.length > 0 && this.json()["stream"] === true;
  }
}

/** Where and how a request came. */
export interface Place {
  readonly connection: number;
  readonly onConnection: number;
  readonly gone: Promise<void>;
  readonly progress: Progress;
}

/** How far the answer is. */
export interface Progress {
  readonly bytesSent: number;
  readonly completed: boolean;
}
