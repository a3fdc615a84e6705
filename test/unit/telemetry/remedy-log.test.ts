// One warning per lesson, with the line of the file that makes it permanent.
import { describe, expect, it } from "vitest";
import { createRemedyLog } from "../../../src/telemetry/remedy-log.ts";
import * as told from "../../support/events.ts";

function recorded(events: readonly Parameters<ReturnType<typeof createRemedyLog>>[0][]): unknown[] {
  const lines: unknown[] = [];
  const observe = createRemedyLog((message, fields) => lines.push([message, fields]));
  for (const event of events) observe(event);
  return lines;
}

describe("the log of what was learned", () => {
  it("names the flag where the file has an entry for the model", () => {
    expect(recorded([told.remedyLearned()])).toEqual([
      [
        "learned what a provider refuses; its requests are changed from now on",
        {
          event: "remedy_learned",
          provider: "openai",
          model: "gpt-4o",
          remedy: "no-store",
          config: 'models.providers.openai.models["gpt-4o"].compat.supportsStore: false',
        },
      ],
    ]);
  });

  it("names our own key where it has none", () => {
    expect(recorded([told.remedyLearned({ isListed: false })])).toMatchObject([
      [expect.any(String), { config: 'edge.compat.adjust["openai/gpt-4o"]: ["no-store"]' }],
    ]);
  });

  it("says nothing of other events", () => {
    expect(recorded([told.requestStarted(), told.standingChanged(), told.configReloaded("swapped")])).toEqual([]);
  });
});
