// The warning for text that looks like a call: OpenClaw's words and fields, for answers that were shown.
import { describe, expect, it } from "vitest";
import type { ProxyEvent } from "../../../src/core/events.ts";
import type { LookAlike } from "../../../src/core/lane.ts";
import { createLookAlikeLog } from "../../../src/telemetry/look-alike-log.ts";
import * as told from "../../support/events.ts";
import { aTarget } from "../../support/snapshot.ts";

const WORDS =
  "Assistant reply looks like a tool call, but no structured tool invocation was emitted; treating it as text.";
const target = aTarget("local/qwen");

function warned(event: ProxyEvent): readonly unknown[] {
  const said: unknown[] = [];
  createLookAlikeLog((message, fields) => said.push([message, fields]))(event);
  return said;
}

function ended(lookAlike: LookAlike | null, outcome: "completed" | "failed" = "completed"): ProxyEvent {
  const of = { ...told.toldOf({}), ...(lookAlike === null ? {} : { lookAlike }) };
  return told.attemptEnded(told.attemptOf(target, { told: of, outcome }));
}

describe("the warning", () => {
  it("names run, provider, model, pattern and tool", () => {
    const [line] = warned(ended({ pattern: "json_tool_call", toolName: "read", registeredTool: true }));
    const fields = {
      provider: "local",
      model: "qwen",
      pattern: "json_tool_call",
      toolName: "read",
      registeredTool: true,
    };
    expect(line).toEqual([WORDS, { runId: told.requestOf({}).id, ...fields }]);
  });

  it("leaves out a name that nobody knows", () => {
    const [line] = warned(ended({ pattern: "xml_tool_call", toolName: null, registeredTool: false })) as [
      string,
      object,
    ][];
    expect(Object.keys(line?.[1] ?? {})).not.toContain("toolName");
  });

  it("is not given for an answer that reads like text, nor for one that broke", () => {
    expect(warned(ended(null))).toEqual([]);
    expect(warned(ended({ pattern: "react_action", toolName: "read", registeredTool: true }, "failed"))).toEqual([]);
  });
});
