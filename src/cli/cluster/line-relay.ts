// Output of one process on its way out of another: whole lines only, so that lines of several never mix, and never faster than the reader.
import type { Readable } from "node:stream";
import type { Destination } from "../../telemetry/line-writer.ts";

const LINE_FEED = 0x0a;
/** A line without end is passed on in pieces of this size. */
const HELD_BYTES_MAX = 1_048_576;

/** Passes lines on until the source ends; resolves then, with what was left said as well. */
export function relayLines(from: Readable, to: Pick<Destination, "write">): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let held: Buffer[] = [];
  let heldBytes = 0;
  const pass = (bytes: Buffer): void => {
    from.pause();
    to.write(bytes.toString("utf8"), () => from.resume());
  };
  from.on("data", (chunk: Buffer) => {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    held.push(chunk.subarray(0, end));
    if (end > 0 || heldBytes > HELD_BYTES_MAX) {
      pass(Buffer.concat(held));
      held = [];
      heldBytes = 0;
    }
    if (end < chunk.length) held.push(chunk.subarray(end));
    heldBytes += chunk.length - end;
  });
  from.on("error", () => undefined);
  from.on("close", () => {
    const rest = Buffer.concat(held);
    if (rest.length > 0) to.write(`${rest.toString("utf8")}\n`, () => undefined);
    resolve();
  });
  return promise;
}
