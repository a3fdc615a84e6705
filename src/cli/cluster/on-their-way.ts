// Connections that the primary has accepted and a worker has not taken yet. Node forgets them when that worker is killed: the client would
// wait for ever on a connection that nobody has. They are closed instead, as all others of that worker are. Looks at Node's own messages
// (`newconn` and its `ack`); were those to change, nothing is noted and all is as Node has it.
import type { ChildProcess } from "node:child_process";
import { isJsonObject, type Json } from "../../core/json.ts";

/** What Node hands to workers: a connection without a stream around it. */
interface Handle {
  close(): void;
}

/** Notes what is handed to a worker, and closes what it never took when it ends. */
export function closeWhatIsNotTaken(child: ChildProcess): void {
  const waiting = new Map<number, Handle>();
  const send = child.send.bind(child) as (...args: unknown[]) => boolean;
  child.send = (...args: unknown[]): boolean => {
    const [message, handle] = args;
    const number = connectionNumber(message);
    if (number !== null && isHandle(handle)) waiting.set(number, handle);
    return send(...args);
  };
  child.on("internalMessage", (message: unknown) => {
    const { ack } = message as { readonly ack?: unknown };
    if (typeof ack === "number") waiting.delete(ack);
  });
  child.on("exit", () => {
    for (const handle of waiting.values()) handle.close();
    waiting.clear();
  });
}

function connectionNumber(message: unknown): number | null {
  const told = message as Json;
  if (!isJsonObject(told) || told["act"] !== "newconn") return null;
  return typeof told["seq"] === "number" ? told["seq"] : null;
}

function isHandle(value: unknown): value is Handle {
  return typeof value === "object" && value !== null && "close" in value && typeof value.close === "function";
}
