// A beat is one thing that a provider does to a connection, and when.
import type { Failure } from "../core/failure.ts";
import type { HeaderBag } from "../core/upstream.ts";

/** One step of a script. `atMs` counts from the request and never goes back. A script that just stops is a provider that hangs. */
export type Beat =
  | { readonly does: "head"; readonly atMs: number; readonly status: number; readonly headers: HeaderBag }
  | { readonly does: "chunk"; readonly atMs: number; readonly text: string }
  | { readonly does: "end"; readonly atMs: number }
  | { readonly does: "fail"; readonly atMs: number; readonly failure: Failure };
