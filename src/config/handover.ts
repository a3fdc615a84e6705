// A configuration on its way to another process of ours: what a snapshot is compiled from, as plain data that Node's IPC can carry.
// The receiver reads no file, runs no command and asks for no secret; it compiles what was validated, and compiling is pure.
import { Secret } from "../core/secret.ts";
import type { GatewaySettings, Snapshot } from "../core/snapshot.ts";
import { compile, type CompileContext } from "./compile.ts";
import { type Part, partOf } from "./part.ts";
import { Positions } from "./positions.ts";
import type { ReadConfig } from "./read-result.ts";
import { type BookEntries, SecretBook } from "./secrets.ts";
import type { Loaded } from "./load-snapshot.ts";

/** Everything that a snapshot is compiled from. Holds secrets as they are: it goes through a channel between two processes and nowhere else. */
export interface Handover {
  readonly read: Omit<ReadConfig, "positions" | "written" | "warnings" | "foreign">;
  readonly book: BookEntries;
  readonly context: Omit<CompileContext, "book" | "randomHex" | "tls">;
  readonly tls: { readonly cert: string; readonly key: string; readonly clientCa: string | null } | null;
  /** The token that was made up, if one was. */
  readonly generated: string | null;
}

/** Packs what was loaded. */
export function packed({ read, context, generatedToken }: Loaded): Handover {
  const { ok, config, env, references, unresolved, files, revision } = read.reveal();
  const { book, tls, randomHex: _unpacked, ...rest } = context.reveal();
  return {
    read: { ok, config, env, references, unresolved, files, revision },
    book: book.entries,
    context: rest,
    tls: tls === null ? null : { ...tls, key: tls.key.reveal() },
    generated: generatedToken?.reveal() ?? null,
  };
}

/** The same with numbers for ports that are left to the system: several processes can share a port only by its number. */
export function withPorts(
  handover: Handover,
  { door, admin }: { readonly door: number; readonly admin: number },
): Handover {
  const { read, context } = handover;
  const { edge } = read.config;
  const config =
    edge.admin.port === 0 ? { ...read.config, edge: { ...edge, admin: { ...edge.admin, port: admin } } } : read.config;
  return {
    ...handover,
    read: { ...read, config },
    context: { ...context, port: context.port === 0 ? door : context.port },
  };
}

/** Compiles what was packed, with the limits and budgets of one of several processes. */
export function unpacked({ read, book, context, tls, generated }: Handover, part: Part): Snapshot {
  const config = { ...read.config, edge: partOf(read.config, part, context.memoryBytes) };
  // Complaints were told where the file was read; here nobody asks for the places of keys.
  const told = { positions: new Positions(), written: null, warnings: [], foreign: new Set<string>() };
  const whole: ReadConfig = { ...read, config, ...told };
  const { snapshot } = compile(whole, {
    ...context,
    book: new SecretBook(book),
    tls: tlsOf(tls),
    randomHex: () => generated ?? "",
  });
  if (snapshot === null) throw new Error("a configuration that was validated does not compile again");
  return snapshot;
}

function tlsOf(tls: Handover["tls"]): GatewaySettings["tls"] {
  return tls === null ? null : { ...tls, key: new Secret(tls.key) };
}
