import { describe, expect, it } from "vitest";
import { anyAgentsName } from "../../../src/cli/usual-agent.ts";
import { anAgent, aSnapshot, aTarget } from "../../support/snapshot.ts";

const target = aTarget("p/m");
const agents = new Map([
  ["strict", anAgent("strict", [target], { allowed: new Set(["q/*"]) })],
  ["open", anAgent("open", [target], { allowed: new Set(["p/m"]) })],
]);

describe("the name of a request for which any agent will do", () => {
  it.each<[sentence: string, defaultAgent: string | null, selected: string | null, name: string]>([
    ["is the usual one where an agent answers for all", "strict", "p/m", "openclaw"],
    ["is the first agent's where none does", null, null, "openclaw/strict"],
    ["is that of an agent that may be asked for the selected model", null, "P/M", "openclaw/open"],
    ["is that of one with a wildcard for it", null, "q/new", "openclaw/strict"],
    ["is the first agent's where none may be asked for it", null, "r/m", "openclaw/strict"],
  ])("%s", (_sentence, defaultAgent, selected, name) => {
    expect(anyAgentsName({ ...aSnapshot([target], { agents }), defaultAgent }, selected)).toBe(name);
  });
});
