// The mock is a provider like any other: our own reading of providers understands it in the way its model ids promise.
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../src/core/failure.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { told } from "../../../src/core/lane.ts";
import { openaiChat } from "../../../src/dialects/openai-chat/index.ts";
import { openaiResponses } from "../../../src/dialects/openai-responses/index.ts";
import { readEvents } from "../../../src/dialects/sse.ts";
import { AnswerBody } from "../../../src/dialects/answer-body.ts";
import { MockStage, PATHS } from "../../support/mock-call.ts";

const DIALECTS = { chat: openaiChat, responses: openaiResponses };
const BODIES = {
  chat: { messages: [{ role: "user", content: "Hello" }] },
  responses: { input: "Hello" },
} as const satisfies Record<string, JsonObject>;

/** What our egress makes of an answer: a failure's kind, `whole`, `empty`, or what the stream's first telling event says. */
async function verdict(model: string, operation: keyof typeof BODIES, form: "whole" | "streamed"): Promise<string> {
  const body = { ...BODIES[operation], stream: form === "streamed" };
  const heard = await new MockStage().ask({ model, path: PATHS[operation], body });
  const { egress } = DIALECTS[operation];
  const bytes = Buffer.from(heard.text);
  if (heard.status !== 200) return egress.classify(heard.status ?? 0, heard.headers, bytes, 0).kind;
  if (form === "whole") {
    const checked = egress.checkAnswer(new AnswerBody(bytes));
    if (isFailure(checked)) return checked.kind;
    return checked.empty ? "empty" : "whole";
  }
  const look = egress.look?.(told());
  const looks = readEvents(bytes).map((event) => look?.(event) ?? "hold");
  const telling = looks.find((seen) => seen !== "hold") ?? "nothing";
  return isFailure(telling) ? telling.kind : telling;
}

describe.each(["chat", "responses"] as const)("our egress reads the mock on %s", (operation) => {
  it.each([
    ["echo", "whole", "commit"],
    ["reasoning", "whole", "commit"],
    ["tools", "whole", "commit"],
    ["empty", "empty", "empty-end"],
    ["embed", "model-missing", "model-missing"],
    ["fail-400", "rejected", "rejected"],
    ["fail-401", "auth", "auth"],
    ["fail-402", "billing", "billing"],
    ["fail-404", "model-missing", "model-missing"],
    ["fail-429", "rate-limited", "rate-limited"],
    ["fail-500", "server-error", "server-error"],
    ["fail-503", "overloaded", "overloaded"],
    ["fail-529", "overloaded", "overloaded"],
    ["unheard-of", "model-missing", "model-missing"],
    ["html", "bad-payload", "nothing"],
    ["no-bytes", "bad-payload", "nothing"],
    ["cut-midstream", "bad-payload", "commit"],
    ["no-done", "bad-payload", "commit"],
  ])("%s is %s when whole and %s when streamed", async (model, whole, streamed) => {
    const bodies = [await verdict(model, operation, "whole"), await verdict(model, operation, "streamed")];
    expect(bodies).toEqual([whole, streamed]);
  });
});
