// The bench's client must notice whatever goes wrong with a stream: a checker that cannot fail proves nothing.
import { describe, expect, it } from "vitest";
import { runStreams, type StreamReport } from "../../../bench/load/streams.ts";
import { streamModel, variantOf } from "../../../bench/upstream/ask.ts";
import { checksumOf, piecesOf } from "../../../bench/upstream/texts.ts";
import { chatChunk, sseEvent } from "../../support/answers.ts";
import * as behave from "../../support/behaviours.ts";
import { startProvider } from "../../support/provider.ts";
import { partition } from "../../support/rechunk.ts";

const EVENTS = 5;

/** The events of a right stream. */
function rightEvents(variant = 0): string[] {
  const pieces = piecesOf(EVENTS, variant);
  const finish = { ...chatChunk("m", {}, "stop"), system_fingerprint: checksumOf(pieces.join("")) };
  return [...pieces.map((content) => chatChunk("m", { content })), finish, "[DONE]"].map((payload) =>
    sseEvent(payload),
  );
}

async function reportOn(behaviour: behave.Behaviour, streams = 1): Promise<StreamReport> {
  await using provider = await startProvider();
  provider.on(`openclaw/${streamModel(EVENTS)}`, behaviour);
  const target = { url: provider.origin, headers: { "content-type": "application/json" } };
  return await runStreams(target, { events: EVENTS, paceMs: 0, requests: streams, connections: 2 });
}

const right = rightEvents();

describe("the streaming client of the bench", () => {
  it("finds nothing wrong with right streams, whatever the pieces", async () => {
    const report = await reportOn((request) => {
      const events = rightEvents(variantOf(Buffer.from(request.body)));
      return behave.streamOf(partition(Buffer.from(events.join("")), 11, 9))(request);
    }, 6);
    expect(report).toMatchObject({ streams: 6, events: 6 * EVENTS, bad: [] });
    expect(report.firstUs).toHaveLength(6);
  });

  it.each([
    ["a lost event", right.toSpliced(1, 1), /4 of 5 events/],
    ["a doubled event", right.toSpliced(1, 0, right[0] ?? ""), /6 of 5 events/],
    ["two events in the wrong order", [right[1] ?? "", right[0] ?? "", ...right.slice(2)], /checksum/],
    ["the answer to another request", rightEvents(1), /another request/],
    ["no finish reason", right.toSpliced(EVENTS, 1), /finish reason null/],
    ["no [DONE]", right.slice(0, -1), /\[DONE\] 0 times/],
    ["two [DONE]", [...right, right.at(-1) ?? ""], /\[DONE\] 2 times/],
    ["an event behind [DONE]", [...right, right[0] ?? ""], /behind \[DONE\]/],
    ["a usage chunk that nobody asked for", [sseEvent({ choices: [], usage: {} }), ...right], /without choices/],
    ["an error inside", [sseEvent({ error: { message: "x" } })], /without choices/],
  ])("notices %s", async (_what, events, why) => {
    const { bad } = await reportOn(behave.streamOf(events));
    expect(bad).toHaveLength(1);
    expect(bad[0]).toMatch(why);
  });

  it.each([
    ["a cut", behave.drop("fin"), /lost after 0 events/],
    ["a reset", behave.drop("reset"), /lost after 0 events/],
    ["an error status", behave.status(503), /status 503/],
  ])("notices %s", async (_what, behaviour, why) => {
    expect((await reportOn(behaviour)).bad[0]).toMatch(why);
  });
});
