// What a bug that nobody caught does to the process (fault row X40): one line without secrets, the streams finish, exit code 1.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { readChat } from "../support/sse.ts";

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(async () => {
  await provider.close();
});

const SECRET = "sk-upstream-a-secret";
const CALL = { stream: true, messages: [{ role: "user", content: "hi" }] };
/** A module that waits in the process for a signal, and then does what a bug would. */
const bugOn = (what: string): string =>
  `--import=data:text/javascript,${encodeURIComponent(`process.on("SIGUSR2", () => setImmediate(() => { ${what} }));`)}`;

describe("a bug that nobody caught", () => {
  it.each([
    ["an exception", `throw new Error("bug with ${SECRET}")`, "uncaughtException"],
    ["a rejection", `Promise.reject(new Error("bug with ${SECRET}"))`, "unhandledRejection"],
    ["a thrown text", `throw "bug with ${SECRET}"`, "uncaughtException"],
  ])("%s: one line, without the secret; the stream finishes; exit 1", async (_what, bug, event) => {
    const edge = await startEdge({ config: chainConfig({ a: provider.url }), env: { NODE_OPTIONS: bugOn(bug) } });
    provider.on("m", play.answer({ paceMs: 60 }));
    const response = await edge.post("/v1/chat/completions", CALL);
    edge.child.signal("SIGUSR2");
    const line = await edge.logged(({ msg }) => String(msg).startsWith(event), "the crash in the log");
    expect(line).toMatchObject({ level: "error", msg: `${event}: the process ends` });
    expect(JSON.stringify(line)).toContain("bug with");
    expect(readChat(Buffer.from(await response.arrayBuffer()))).toMatchObject({ finish: "stop", dones: 1, errors: [] });
    expect(await edge.child.exited).toBe(1);
    expect(edge.logs.filter(({ msg }) => String(msg).startsWith(event))).toHaveLength(1);
    expect(edge.child.lines.join("\n")).not.toContain(SECRET);
    await edge.stop();
  });

  it("while the process drains already does not cut the streams, and is told by the exit code", async () => {
    const bug = `throw new Error("late bug")`;
    const edge = await startEdge({ config: chainConfig({ a: provider.url }), env: { NODE_OPTIONS: bugOn(bug) } });
    provider.on("m", play.answer({ paceMs: 100 }));
    const response = await edge.post("/v1/chat/completions", CALL);
    edge.child.signal("SIGTERM");
    await edge.logged(({ msg }) => msg === "draining", "the drain in the log");
    edge.child.signal("SIGUSR2");
    await edge.logged(({ msg }) => String(msg).startsWith("uncaughtException"), "the crash in the log");
    expect(readChat(Buffer.from(await response.arrayBuffer()))).toMatchObject({ finish: "stop", dones: 1, errors: [] });
    expect(await edge.child.exited).toBe(1);
    await edge.stop();
  });
});
