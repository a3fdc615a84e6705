// Exemplars: which observation of a bucket can be found again, and who is shown it.
import { describe, expect, it } from "vitest";
import * as told from "../../support/events.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { aTarget } from "../../support/snapshot.ts";
import { metricsOf } from "./metrics-kit.ts";

const OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";
const gpt = aTarget("openai/gpt-4o");

function endOf(traceId: string, flags: number) {
  const trace = { traceId, spanId: "00f067aa0ba902b7", parentId: null, flags };
  return told.requestEnded([told.attemptOf(gpt)], { request: told.requestOf({ trace }) });
}

/** The trace ids beside the buckets of the run's duration. */
function marked(text: string): string[] {
  const lines = text.split("\n").filter((line) => line.startsWith("openclaw_run_duration_seconds_bucket"));
  return lines.flatMap((line) => [...line.matchAll(/# \{trace_id="(\w+)"/g)].map((match) => match[1] ?? ""));
}

async function marksAfter(ends: readonly ReturnType<typeof endOf>[], tracing: boolean): Promise<string[]> {
  const metrics = metricsOf({ tracing: () => tracing });
  for (const end of ends) metrics.observe(end);
  return marked((await metrics.render(OPENMETRICS)).body);
}

describe("an exemplar", () => {
  it("stands in OpenMetrics only, with trace, span, value and time", async () => {
    const metrics = metricsOf({ clock: new FakeClock() });
    metrics.observe(endOf("a1", 0));
    const open = await metrics.render(OPENMETRICS);
    const plain = await metrics.render("text/plain");
    expect(open.contentType).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
    expect(open.body).toMatch(/le="2\.5"\} 1 # \{trace_id="a1",span_id="00f067aa0ba902b7"\} 1\.012 \d+\.\d+\n/);
    expect(open.body.endsWith("\n# EOF\n")).toBe(true);
    expect(open.body).toContain("# TYPE openclaw_run_completed counter\nopenclaw_run_completed_total{");
    expect(plain.contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(plain.body).not.toContain("trace_id");
  });

  it.each([
    [
      "is the last one while nothing is traced",
      false,
      [
        ["a1", 0],
        ["a2", 0],
      ],
      ["a2"],
    ],
    [
      "is the last one that has spans while requests are traced",
      true,
      [
        ["a1", 1],
        ["a2", 0],
        ["a3", 1],
        ["a4", 0],
      ],
      ["a3"],
    ],
    ["is none when it would lead to a trace that nobody has", true, [["a1", 0]], []],
  ] as const)("%s", async (_sentence, tracing, ends, shown) => {
    expect(
      await marksAfter(
        ends.map(([id, flags]) => endOf(id, flags)),
        tracing,
      ),
    ).toEqual(shown);
  });
});
