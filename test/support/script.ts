// What the scripted provider does with one request, as data: a list of steps, so that every misbehaviour is a row and not a server.
import type { Socket } from "node:net";
import { chunkBytes, headBytes } from "./http-bytes.ts";

/** How a body is delimited: chunked coding, a declared length, or the end of the connection (HTTP/1.0 style). */
export type Framing = "chunked" | "close" | { readonly length: number };

/** One step. Bodies are framed as the head said; `raw` goes past the framing. */
export type Step =
  | {
      readonly do: "head";
      readonly status: number;
      readonly headers: readonly (readonly [string, string])[];
      readonly framing: Framing;
      readonly version: "1.0" | "1.1";
    }
  | { readonly do: "write"; readonly bytes: Buffer }
  | { readonly do: "raw"; readonly bytes: Buffer }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "until"; readonly event: Promise<unknown> }
  | { readonly do: "complete" }
  | { readonly do: "fin" }
  | { readonly do: "reset" }
  | { readonly do: "hold" };

/** Steps may be made while they are played: a flood has no end. */
export type Script = Iterable<Step>;

/** Head of a response. Headers are pairs, so that one name may come twice. */
export function head(
  status: number,
  headers: readonly (readonly [string, string])[] = [],
  more: { readonly framing?: Framing; readonly version?: "1.0" | "1.1" } = {},
): Step {
  return { do: "head", status, headers, framing: more.framing ?? "chunked", version: more.version ?? "1.1" };
}

/** Body bytes, one write (and one chunk where the body is chunked). */
export function write(bytes: Uint8Array | string): Step {
  return { do: "write", bytes: Buffer.from(bytes) };
}

/** Bytes past the framing: broken framing, second answers. */
export function raw(bytes: Uint8Array | string): Step {
  return { do: "raw", bytes: Buffer.from(bytes) };
}

/** Real time, for paces and stalls that are shorter or longer than a clock of the product. */
export function wait(ms: number): Step {
  return { do: "wait", ms };
}

/** Goes on when the test says so. */
export function until(event: Promise<unknown>): Step {
  return { do: "until", event };
}

/** Ends the body as its framing does; implied at the end of a script. */
export const COMPLETE: Step = { do: "complete" };
/** Ends the connection with FIN, complete or not. */
export const FIN: Step = { do: "fin" };
/** Cuts the connection with RST. */
export const RESET: Step = { do: "reset" };
/** Says nothing more and keeps the connection. */
export const HOLD: Step = { do: "hold" };

/** Plays one script on one connection. Stops early when the connection goes away. */
export class Player {
  readonly #socket: Socket;
  readonly #gone: Promise<void>;
  #framing: Framing = "close";
  /** Bytes handed to the connection. */
  bytesSent = 0;
  /** True once the answer is complete, whatever happens to the connection then. */
  completed = false;

  constructor(socket: Socket, gone: Promise<void>) {
    this.#socket = socket;
    this.#gone = gone;
  }

  /** Resolves when the script is over: true when the connection may carry the next answer. */
  async play(script: Script): Promise<boolean> {
    for (const step of script) {
      if (this.#socket.destroyed) return false;
      if (step.do === "hold") return this.#gone.then(() => false);
      if (step.do === "reset") return this.#leave(() => this.#socket.resetAndDestroy());
      if (step.do === "fin") return this.#leave(() => this.#socket.end());
      await this.#step(step);
    }
    await this.#complete();
    return this.#framing === "close" ? this.#leave(() => this.#socket.end()) : true;
  }

  #leave(how: () => unknown): false {
    how();
    return false;
  }

  async #step(step: Exclude<Step, { do: "hold" | "reset" | "fin" }>): Promise<void> {
    switch (step.do) {
      case "head":
        this.#framing = step.framing;
        return this.#send(headOf(step));
      case "write":
        return this.#send(this.#framing === "chunked" ? chunkBytes(step.bytes) : step.bytes);
      case "raw":
        return this.#send(step.bytes);
      case "wait":
        return this.#pause(step.ms);
      case "until":
        await Promise.race([step.event, this.#gone]);
        return;
      case "complete":
        return this.#complete();
    }
  }

  async #complete(): Promise<void> {
    if (this.#framing === "chunked" && !this.completed) await this.#send(chunkBytes(Buffer.alloc(0)));
    this.completed = true;
  }

  /** Resolves when the kernel has taken the bytes (or the connection has gone), so that a reset does not overtake them and a flood feels its reader. */
  async #send(bytes: Buffer): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.write(bytes, () => resolve());
    this.bytesSent += bytes.length;
    await promise;
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([promise, this.#gone]);
    clearTimeout(timer);
  }
}

function headOf({ status, headers, framing, version }: Extract<Step, { do: "head" }>): Buffer {
  const delimited: [string, string][] = [];
  if (framing === "chunked") delimited.push(["transfer-encoding", "chunked"]);
  else if (framing === "close") delimited.push(["connection", "close"]);
  else if (status >= 200 && status !== 204) delimited.push(["content-length", String(framing.length)]);
  return headBytes(`HTTP/${version} ${status} Scripted`, [...headers, ...delimited]);
}
