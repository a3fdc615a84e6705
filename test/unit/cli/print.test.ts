// Results on their way to stdout: nothing is lost on the way, and who does not get them is told.
import { setImmediate as turn } from "node:timers/promises";
import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { UnsaidError } from "../../../src/cli/command.ts";
import { say } from "../../../src/cli/print.ts";

/** A stdout whose writes end as the test says. */
function stdoutThat(ends: (done: (error?: Error) => void) => void): NodeJS.WriteStream {
  return new Writable({ write: (_text, _encoding, done) => ends(done) }) as unknown as NodeJS.WriteStream;
}

/** What the system says of a failed write. */
function fault(code: string): Error {
  return Object.assign(new Error(`${code}: no`), { code });
}

describe("say", () => {
  it("waits until the reader has taken it", async () => {
    let taken = false;
    const slow = stdoutThat((done) => {
      setImmediate(() => {
        taken = true;
        done();
      });
    });
    await say("a result\n", { stdout: slow });
    expect(taken).toBe(true);
  });

  it("holds that a reader that has gone had enough", async () => {
    await say("a result\n", { stdout: stdoutThat((done) => done(fault("EPIPE"))) });
    await turn();
  });

  it.each(["ENOSPC", "EIO"])("throws on %s, which the caller must know of", async (code) => {
    const saying = say("a result\n", { stdout: stdoutThat((done) => done(fault(code))) });
    await expect(saying).rejects.toEqual(new UnsaidError(`stdout cannot be written (${code})`));
    await turn();
  });
});
