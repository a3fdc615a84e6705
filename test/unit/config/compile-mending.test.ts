// What is mended where: by what stands at the other end, switched off as a whole, by provider and by name.
import { describe, expect, it } from "vitest";
import { parseConfigTree } from "../../../src/config/read-file.ts";
import { REPAIR_NAMES } from "../../../src/core/repairs.ts";
import { snapshotOf, withProvider } from "./compile-rig.ts";

const LOCAL = "http://127.0.0.1:8000/v1";
const FAR = "https://api.groq.com/openai/v1";
const NATIVE = "https://api.openai.com/v1";
const KINDS = ["stream-from-whole", "whole-from-stream"];

const target = async (baseUrl: string, edge: object = {}) => {
  const tree = withProvider({ apiKey: "k", baseUrl }, { edge });
  return [...(await snapshotOf(tree)).targets.values()][0];
};
const extras = (of: object) => ({ providers: { p: of } });

describe("answers are mended", () => {
  it.each<[string, string, object, readonly string[], boolean]>([
    ["of a local server in every way", LOCAL, {}, REPAIR_NAMES, true],
    ["of a distant imitation as well, but its text stays text", FAR, {}, REPAIR_NAMES, false],
    ["of OpenAI's own service where one kind stands for the other", NATIVE, {}, KINDS, false],
    ["nowhere when the file says so", LOCAL, { compat: { repairs: false } }, [], false],
    ["not of this provider", LOCAL, extras({ repairs: false }), [], false],
    [
      "but for the named ones",
      LOCAL,
      extras({ repairs: ["role-added"] }),
      REPAIR_NAMES.filter((name) => name !== "role-added"),
      true,
    ],
    [
      "but for text",
      LOCAL,
      extras({ repairs: ["tool-text"] }),
      REPAIR_NAMES.filter((name) => name !== "tool-text"),
      false,
    ],
    ["of one whose text may be calls", FAR, extras({ toolText: true }), REPAIR_NAMES, true],
    ["of one whose text never is", LOCAL, extras({ toolText: false }), REPAIR_NAMES, false],
  ])("%s", async (_what, baseUrl, edge, repairs, toolText) => {
    const compiled = await target(baseUrl, edge);
    expect([...(compiled?.repairs ?? [])]).toEqual(repairs);
    expect(compiled?.readsToolText).toBe(toolText);
  });

  it("as the only kind that a server has", async () => {
    expect((await target(LOCAL))?.answersOnly).toBeNull();
    expect((await target(LOCAL, extras({ answersOnly: "whole" })))?.answersOnly).toBe("whole");
  });

  it("under names that are known", () => {
    const result = parseConfigTree(
      withProvider({ apiKey: "k", baseUrl: LOCAL }, { edge: extras({ repairs: ["roles"] }) }),
    );
    expect(result.ok ? [] : result.complaints.map(({ path }) => path)).toEqual([expect.stringContaining("repairs")]);
  });
});
