// A deadline that ends requests before their first provider counts as silent is said, at the key that makes it.
import { describe, expect, it } from "vitest";
import { compileTree, said } from "./compile-rig.ts";

const CHAIN = { primary: "a/one", fallbacks: ["b/two"] };
const provider = (id: string, more: object = {}) => ({
  baseUrl: "https://api.example.com/v1",
  apiKey: "sk-x",
  api: "openai-completions",
  models: [{ id, name: id }],
  ...more,
});

interface Written {
  readonly defaults?: object;
  readonly edge?: object;
  readonly a?: object;
  readonly model?: object | string;
}

async function warned(of: Written): Promise<string[]> {
  const { complaints } = await compileTree({
    models: { providers: { a: provider("one", of.a), b: provider("two") } },
    agents: { defaults: { model: of.model ?? CHAIN, ...of.defaults } },
    edge: of.edge ?? {},
  });
  return said(complaints).filter((line) => line.includes("deadline_before_failover"));
}

describe("a deadline", () => {
  it.each([
    ["is not spoken of by default", {}, 0],
    ["above the provider's clocks is not spoken of", { defaults: { timeoutSeconds: 601 } }, 0],
    ["as long as the clock of a whole answer is", { defaults: { timeoutSeconds: 600 } }, 1],
    ["below the clock of a stream is", { defaults: { timeoutSeconds: 60 } }, 1],
    ["is not where the provider has less", { defaults: { timeoutSeconds: 60 }, a: { timeoutSeconds: 20 } }, 0],
    ["is not where there is nothing to fail over to", { defaults: { timeoutSeconds: 60 }, model: "a/one" }, 0],
    ["of the process is", { edge: { timeouts: { deadlineSeconds: 100 } } }, 1],
  ] as const)("%s", async (_sentence, of, times) => {
    expect(await warned(of)).toHaveLength(times);
  });

  it("is complained of at the shorter key", async () => {
    const [agents] = await warned({ defaults: { timeoutSeconds: 60 } });
    const [process] = await warned({ edge: { timeouts: { deadlineSeconds: 100 } } });
    expect(agents).toContain("agents.defaults.timeoutSeconds");
    expect(process).toContain("edge.timeouts.deadlineSeconds");
  });
});
