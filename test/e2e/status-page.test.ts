// An incident at a running gateway: page, log and metrics tell the same of it, to the request, and none of them tells a secret.
import { describe, expect, it } from "vitest";
import { answer, status } from "../support/behaviours.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";

const PROMPT = "prompt-canary-5d1f";

interface Row {
  readonly id: string;
  readonly status: number;
  readonly served: string | null;
  readonly outcome: string;
  readonly attempts: readonly { readonly target: string; readonly reason: string | null; readonly outcome: string }[];
}
interface Feed {
  readonly chains: readonly { readonly links: readonly Record<string, unknown>[] }[];
  readonly gauges: { readonly errors: { readonly ended: number; readonly failed: number } };
  readonly rows: readonly Row[];
}

async function feedOf(edge: Edge): Promise<Feed> {
  return (await (await edge.get("/status.json")).json()) as Feed;
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

/** A sample's value in the text of the metrics; 0 where there is none. */
function sum(text: string, name: string, label: string): number {
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) && line.includes(label))
    .reduce((all, line) => all + Number(line.slice(line.lastIndexOf(" "))), 0);
}

describe("an incident", () => {
  it("is the same on the page, in the log and in the metrics", async () => {
    await using first = await startProvider();
    await using second = await startProvider();
    await using edge = await startEdge({ config: chainConfig({ first: first.url, second: second.url }) });
    const statuses = await incident(edge, [first, second]);
    const feed = await feedOf(edge);
    expect(feed.rows.map((row) => row.status)).toEqual(statuses);

    await edge.logged(
      (line) => line["requestId"] === feed.rows.at(-1)?.id && line["msg"] === "request",
      "the last line",
    );
    const lines = edge.logs.filter(({ msg }) => msg === "request");
    const triesOf = ({ attempts }: Pick<Row, "attempts">) =>
      attempts.map(({ target, reason, outcome }) => [target, reason ?? null, outcome]);
    const told = feed.rows.map((row) => [row.id, row.status, row.served, row.outcome, triesOf(row)]);
    expect(told).toEqual(
      lines.map((line) => [
        line["requestId"],
        line["status"],
        line["served"] ?? null,
        line["outcome"],
        triesOf(line as unknown as Row),
      ]),
    );

    const metrics = await (await edge.get("/api/diagnostics/prometheus")).text();
    const tries = feed.rows.flatMap(({ attempts }) => attempts);
    const failovers = feed.rows.filter(({ attempts }) => new Set(attempts.map(({ target }) => target)).size > 1).length;
    expect(sum(metrics, "openclaw_edge_failovers_total", "")).toBe(failovers);
    const [chain] = feed.chains;
    for (const link of chain?.links ?? []) {
      const own = tries.filter(({ target }) => target === link["target"]);
      const failed = own.filter(({ outcome }) => outcome === "failed");
      expect([link["attempts"], link["failed"]]).toEqual([own.length, failed.length]);
    }
    expect(chain?.links[0]).toMatchObject({
      target: "first/m",
      state: "cooling",
      reason: "rate_limit",
      lastFailure: "rate_limit",
    });
    expect(feed.gauges.errors).toMatchObject({ ended: 4, failed: statuses.filter((each) => each >= 400).length });
  });

  it("leaves no secret and no prompt on the page or in its feed", async () => {
    await using first = await startProvider();
    await using second = await startProvider();
    await using edge = await startEdge({ config: chainConfig({ first: first.url, second: second.url }) });
    await incident(edge, [first, second]);
    const signedIn = await edge.post("/status/session", {});
    const cookie = signedIn.headers.get("set-cookie") ?? "";
    const page = await fetch(edge.url, { headers: { accept: "text/html", cookie: cookie.split(";")[0] ?? "" } });
    const texts = [cookie, await page.text(), JSON.stringify(await feedOf(edge))];
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
