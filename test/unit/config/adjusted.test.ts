// `edge.compat`: remedies that are written instead of learned, and the revision that tells when what was learned is out of date.
import { describe, expect, it } from "vitest";
import type { Target } from "../../../src/core/snapshot.ts";
import { compileTree, said, snapshotOf, withProvider } from "./compile-rig.ts";

const BASE = "https://p.example/v1";

async function targetOf(provider: object, edge: object = {}): Promise<Target> {
  const snapshot = await snapshotOf(withProvider({ baseUrl: BASE, apiKey: "k", ...provider }, { edge }));
  const target = snapshot.targets.get("p/m");
  if (target === undefined) throw new Error("no target");
  return target;
}

describe("edge.compat.adjust", () => {
  it("is a target's flags, whatever the case of its name, and nobody else's", async () => {
    const adjust = { "P/M": ["no-seed", "string-content"], "p/other": ["no-store"] };
    const { compat } = await targetOf({}, { compat: { adjust } });
    expect(compat).toEqual({ dropFields: ["seed"], requiresStringContent: true });
  });

  it("holds for a model that the file does not list", async () => {
    const edge = { compat: { adjust: { "p/unlisted": ["no-seed"] } } };
    const snapshot = await snapshotOf(withProvider({ baseUrl: BASE, apiKey: "k", models: [] }, { edge }));
    expect(snapshot.providers.get("p")?.unlisted("unlisted")).toMatchObject({
      isListed: false,
      compat: { dropFields: ["seed"] },
    });
  });

  it.each<[sentence: string, adjust: object, complaint: string]>([
    ["names a provider that is not there", { "q/m": ["no-seed"] }, 'error unknown_provider edge.compat.adjust["q/m"]'],
    ["names no model", { p: ["no-seed"] }, "error unknown_provider edge.compat.adjust.p"],
  ])("is refused when it %s", async (_sentence, adjust, complaint) => {
    const { complaints } = await compileTree(withProvider({}, { edge: { compat: { adjust } } }));
    expect(said(complaints)).toContain(complaint);
  });
});

describe("the revision of a target", () => {
  const model = (more: object) => ({ models: [{ id: "m", ...more }] });

  it.each<[sentence: string, same: boolean, provider: object, edge?: object]>([
    ["stays as it is for the same file", true, {}],
    ["stays when a key is exchanged", true, { apiKey: "other" }],
    ["stays when clocks change", true, { timeoutSeconds: 5 }],
    ["changes with a flag", false, model({ compat: { supportsStore: false } })],
    ["changes with params", false, model({ params: { temperature: 1 } })],
    ["changes with the address", false, { baseUrl: "https://q.example/v1" }],
    ["changes with the wire format", false, { api: "anthropic-messages" }],
    [
      "changes with what is written in place of what would be learned",
      false,
      {},
      { compat: { adjust: { "p/m": ["no-seed"] } } },
    ],
  ])("%s", async (_sentence, same, provider, edge) => {
    const before = await targetOf({});
    const after = await targetOf(provider, edge);
    expect(after.revision === before.revision).toBe(same);
    expect(before.revision).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe("edge.compat.selfHeal", () => {
  it.each([true, false])("switches healing: %s", async (selfHeal) => {
    const snapshot = await snapshotOf(withProvider({}, { edge: { compat: { selfHeal } } }));
    expect(snapshot.behaviour.selfHeals).toBe(selfHeal);
  });

  it("is obeyed, and said to be: only repairs of answers are not yet", async () => {
    const { complaints } = await compileTree(withProvider({}, { edge: { compat: { selfHeal: false } } }));
    expect(said(complaints).filter((line) => line.includes("not_implemented"))).toEqual([]);
  });
});
