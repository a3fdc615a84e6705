// Turns become contents: what the model said in one go is one content, and so are the results of its calls, in the order of the calls.
// Media of results follow in a content of the user's.
import { failure, type Failure } from "../../core/failure.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Part, Turn } from "../vocabulary.ts";
import { encodeModelTurn, type ModelTurnContext } from "./encode-model-turn.ts";
import { encodeParts } from "./encode-parts.ts";

type TurnOf<Role extends Turn["role"]> = Extract<Turn, { role: Role }>;
/** Turns of one role that follow each other. */
type Run = { [Role in Turn["role"]]: { readonly role: Role; readonly turns: TurnOf<Role>[] } }[Turn["role"]];

/** Between a result's media and the content that shows them. */
const MEDIA_FOLLOWS = "(see the attached files in the next message)";

/** The `contents` of a request without its system turns. A result must answer a call: it is written with the call's name. */
export function encodeContents(turns: readonly Turn[], context: ModelTurnContext): JsonObject[] | Failure {
  const writer = new ContentsWriter(context);
  for (const run of runsOf(turns)) writer.write(run);
  return writer.fault ?? writer.contents;
}

class ContentsWriter {
  readonly contents: JsonObject[] = [];
  fault: Failure | null = null;
  readonly #context: ModelTurnContext;
  /** Calls by id, numbered in their order. */
  readonly #calls = new Map<string, { readonly name: string; readonly place: number }>();
  #place = 0;

  constructor(context: ModelTurnContext) {
    this.#context = context;
  }

  write(run: Run): void {
    const { lost } = this.#context;
    switch (run.role) {
      case "system":
        return;
      case "user":
        for (const turn of run.turns) {
          if (turn.name !== undefined) lost.add("messages.name");
          this.#push("user", encodeParts(turn.parts, lost));
        }
        return;
      case "assistant":
        if (run.turns.some(({ name }) => name !== undefined)) lost.add("messages.name");
        this.#said(run.turns.flatMap(({ parts }) => parts));
        return;
      case "tool":
        this.#results(run.turns);
    }
  }

  #said(parts: readonly Part[]): void {
    for (const part of parts) {
      if (part.type !== "tool-call") continue;
      // Some clients number the calls of every answer anew: the last one of an id is meant.
      this.#calls.set(part.id, { name: part.name, place: this.#place++ });
    }
    this.#push("model", encodeModelTurn(parts, this.#context));
  }

  #results(turns: readonly TurnOf<"tool">[]): void {
    const placeOf = ({ callId: id }: TurnOf<"tool">): number => this.#calls.get(id)?.place ?? -1;
    const sorted = turns.toSorted((a, b) => placeOf(a) - placeOf(b));
    this.#push(
      "user",
      sorted.map((turn) => this.#result(turn)).filter((part) => part !== null),
    );
    this.#push("user", encodeParts(sorted.flatMap(({ parts }) => parts).filter(isMedia), this.#context.lost));
  }

  #result({ callId: id, name: stated, failed, parts }: TurnOf<"tool">): JsonObject | null {
    const name = this.#calls.get(id)?.name ?? stated;
    if (name === undefined) {
      const message = "A tool's result answers no call of the conversation.";
      this.fault ??= failure("request-invalid", message, { param: "messages", phase: "request" });
      return null;
    }
    const texts = parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
    const text = texts.length === 0 && parts.some(isMedia) ? MEDIA_FOLLOWS : texts.join("\n");
    const { ids } = this.#context;
    const response = failed ? { error: text } : { output: text };
    return { functionResponse: { ...(ids === null ? {} : { id: ids.of(id) }), name, response } };
  }

  /** A content of which nothing is left is left out: the API refuses it. */
  #push(role: "user" | "model", parts: readonly JsonObject[]): void {
    if (parts.length > 0) this.contents.push({ role, parts });
  }
}

function runsOf(turns: readonly Turn[]): Run[] {
  const runs: Run[] = [];
  for (const turn of turns) {
    const last = runs.at(-1);
    if (last?.role === turn.role) (last.turns as Turn[]).push(turn);
    else runs.push({ role: turn.role, turns: [turn] } as Run);
  }
  return runs;
}

function isMedia({ type }: Part): boolean {
  return type === "image" || type === "file" || type === "audio";
}
