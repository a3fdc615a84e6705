// A row that is what a client writes on a connection, well-formed or not: bytes, and what must come back. For abuse, headers, credentials.
import { headBytes } from "../support/http-bytes.ts";
import { requestBytes } from "../support/raw.ts";
import type { Gateway } from "./gateway.ts";
import { PROMPT_CANARY, WELL } from "./names.ts";
import type { Demands } from "./row.ts";

/** A row of bytes. */
export interface LetterRow extends Pick<Demands, "headers" | "contains" | "lacks"> {
  readonly id: string;
  /** What the client does, as a sentence. */
  readonly says: string;
  /** Pieces, each in a write of its own. */
  readonly sends: (pen: Pen) => readonly (Uint8Array | string)[];
  /** Statuses of the answers, in order; a list where several are right, 0 for a connection that ends without an answer. */
  readonly answers: readonly (number | readonly number[])[];
  /** Of a refusal's envelope. */
  readonly code?: string | null;
  /** Whether `100 Continue` comes before the answer; not looked at where nothing is said. */
  readonly continues?: boolean;
  /** True: the connection ends behind the answers. */
  readonly closes?: true;
  /** Calls that may reach a provider. Default none. */
  readonly reaches?: number;
  /** Why no other gateway can be asked this. */
  readonly onlyHere?: string;
  readonly slow?: true;
}

/** One message; what is left out is as in a good call of the agent that is always well. */
export interface Letter {
  /** The request line. */
  readonly start?: string;
  /** Null leaves the field out. */
  readonly host?: string | null;
  /** False: neither the credential nor whatever else the gateway needs. */
  readonly known?: false;
  /** Further lines of the head. */
  readonly lines?: readonly string[];
  readonly body?: Uint8Array | string;
  /** How the body is delimited is said in `lines`, or not at all. */
  readonly framing?: "as-written";
}

/** Writes letters to one gateway. */
export class Pen {
  readonly #gateway: Gateway;
  readonly #id: string;

  constructor(gateway: Gateway, id: string) {
    this.#gateway = gateway;
    this.#id = id;
  }

  /** Where chats go. */
  get path(): string {
    return this.#gateway.address(WELL, "chat").path;
  }

  /** The callers' credential; empty where there is none. */
  get token(): string {
    return this.#gateway.token ?? "";
  }

  /** The prompt, by which a call that reached a provider is known. */
  get prompt(): string {
    return markOf(this.#id);
  }

  /** A good body with other or further keys. */
  json(more: object = {}): string {
    const { model } = this.#gateway.address(WELL, "chat");
    return JSON.stringify({ model, messages: [{ role: "user", content: this.prompt }], ...more });
  }

  /** One message as bytes. */
  letter(letter: Letter = {}): Buffer {
    const { path, headers } = this.#gateway.address(WELL, "chat");
    const { start = `POST ${path} HTTP/1.1`, host = "127.0.0.1", lines = [], body = this.json() } = letter;
    const known = letter.known === false ? {} : headers;
    const bytes = Buffer.from(body);
    const fields = [
      ...(host === null ? [] : [`Host: ${host}`]),
      ...Object.entries(known).map(([name, value]) => `${name}: ${value}`),
      ...lines,
      ...(letter.framing === "as-written" ? [] : [`content-length: ${bytes.length}`]),
    ];
    return Buffer.concat([Buffer.from(`${[start, ...fields].join("\r\n")}\r\n\r\n`, "latin1"), bytes]);
  }

  /** A GET without a body, with the credential. */
  get(target: string, headers: Readonly<Record<string, string>> = {}): Buffer {
    return requestBytes({ path: target, headers: { ...this.#gateway.address(WELL, "chat").headers, ...headers } });
  }

  /** A request of a stranger. */
  strange(line: string, fields: readonly (readonly [string, string])[] = []): Buffer {
    return headBytes(line, [["host", "127.0.0.1"], ...fields.map(([name, value]): [string, string] => [name, value])]);
  }
}

/** Stands in what a letter asks a provider. */
export function markOf(id: string): string {
  return `hello ${PROMPT_CANARY}-${id.toLowerCase()}-letter`;
}
