// The page of a running gateway: it tells no secret, is switched off by the config, and lets the process end.
import { describe, expect, it } from "vitest";
import { answer, status } from "../support/behaviours.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";

const PROMPT = "prompt-canary-5d1f";

async function feedOf(edge: Edge): Promise<string> {
  return (await edge.get("/status.json")).text();
}

async function ask(edge: Edge): Promise<number> {
  const messages = [{ role: "user", content: PROMPT }];
  const response = await edge.post("/v1/chat/completions", { model: "openclaw", messages });
  await response.text();
  return response.status;
}

/** The first provider limits, then both are out of order, then the second one is well again. */
async function incident(edge: Edge, [first, second]: readonly [Provider, Provider]): Promise<number[]> {
  first.on("m", status(429));
  second.on("m", answer(), status(500), answer());
  const statuses: number[] = [];
  for (let each = 0; each < 4; each += 1) statuses.push(await ask(edge));
  return statuses;
}

describe("an incident", () => {
  it("leaves no secret and no prompt on the page or in its feed", async () => {
    await using first = await startProvider();
    await using second = await startProvider();
    await using edge = await startEdge({ config: chainConfig({ first: first.url, second: second.url }) });
    await incident(edge, [first, second]);
    const signedIn = await edge.post("/status/session", {});
    const cookie = signedIn.headers.get("set-cookie") ?? "";
    const page = await fetch(edge.url, { headers: { accept: "text/html", cookie: cookie.split(";")[0] ?? "" } });
    const texts = [cookie, await page.text(), await feedOf(edge)];
    for (const secret of [PROMPT, edge.token, "sk-upstream-first-secret", "sk-upstream-second-secret"]) {
      for (const text of texts) expect(text).not.toContain(secret);
    }
  });
});

it("is switched off by the config, which is obeyed without a warning", async () => {
  await using provider = await startProvider();
  const edgeKeys = { edge: { statusPage: { enabled: false } } };
  await using edge = await startEdge({ config: chainConfig({ first: provider.url }, edgeKeys) });
  expect((await edge.get("/status")).status).toBe(404);
  expect(edge.child.lines.join("\n")).not.toContain("not_implemented");
});

it("does not hold up the end of the process", async () => {
  await using provider = await startProvider();
  await using edge = await startEdge({ config: chainConfig({ first: provider.url }) });
  const watching = await edge.get("/status/events");
  const text = watching.text();
  expect(await edge.stop("SIGTERM")).toBe(0);
  expect((await text).match(/^data: /gm)?.length).toBeGreaterThanOrEqual(2);
});
