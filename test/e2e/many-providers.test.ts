// A file with three thousand providers (fault row P17): it starts, it answers, it reloads, and it dials nobody whom nobody asks for.
import { expect, it } from "vitest";
import { startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { startProvider } from "../support/provider.ts";
import { polled } from "../support/wait.ts";

const COUNT = 3_000;

it("3000 providers", async () => {
  await using provider = await startProvider();
  const names = Array.from({ length: COUNT }, (_, number) => `p${number}`);
  const all = Object.fromEntries(names.map((name) => [name, provider.url]));
  const config = (primary: string) => {
    const whole = chainConfig(all) as { agents: object };
    return { ...whole, agents: { defaults: { model: { primary, fallbacks: [] } } }, gateway: { http: {} } };
  };
  await using edge = await startEdge({ config: config("p2999/m") });
  const servedBy = async (): Promise<string | null> => {
    const response = await edge.post("/v1/chat/completions", { messages: [{ role: "user", content: "hi" }] });
    await response.text();
    return response.headers.get("x-openclaw-served-by");
  };
  expect(await servedBy()).toBe("p2999/m");
  expect(provider.connectionsMade).toBe(1);
  edge.writeConfig(config("p7/m"));
  await polled(async () => (await servedBy()) === "p7/m", "the new file to serve");
  const line = await edge.logged(({ msg }) => msg === "config reloaded", "the reload");
  expect(line["changed"]).toEqual(["agents.defaults.model.primary"]);
}, 60_000);
