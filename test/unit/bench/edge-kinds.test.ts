// Configs of the bench: one that does not load is left out of a run with a word, and nobody would miss it.
import { expect, it } from "vitest";
import { EDGE_KINDS, type EdgeKind } from "../../../bench/subjects/edge.ts";
import { runCommand } from "../../support/edge.ts";

const world = { upstreamUrl: "http://127.0.0.1:1", models: ["whole", "claude-stream-5-0"] };

it.each(Object.keys(EDGE_KINDS) as EdgeKind[])("%s is valid, and nothing in it is warned of", async (kind) => {
  const config = EDGE_KINDS[kind](world);
  const verdict = await runCommand(["config", "validate", "--config", "{config}"], { config });
  expect(verdict).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/: valid$/) });
});
