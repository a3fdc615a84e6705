// L8: from the start of the process to its first answer, again and again.
import { residentMiB } from "../../bench/proc.ts";
import { mockConfig } from "../support/edge-config.ts";
import { startEdge } from "../support/edge.ts";
import { quantileMs } from "./stage.ts";
import type { Soak } from "./soak.ts";

const TIMES = 20;

/** The row. */
export const starts: Soak = {
  what: `L8: ${TIMES} starts, each to its first answer`,
  minutes: 1,
  run: async ({ entry }) => {
    const tookUs: number[] = [];
    const resident: number[] = [];
    for (let count = 0; count < TIMES; count += 1) {
      const startedAt = performance.now();
      await using edge = await startEdge({ config: mockConfig(), entry });
      const answer = await edge.post("/v1/chat/completions", { messages: [{ role: "user", content: "hi" }] });
      await answer.text();
      tookUs.push((performance.now() - startedAt) * 1_000);
      resident.push((residentMiB(edge.child.pid) ?? Number.NaN) * 1_000);
    }
    return [
      { what: "start to first answer, p95", value: quantileMs(tookUs, 0.95), unit: "ms", atMost: 400 },
      { what: "resident memory behind it, p95", value: quantileMs(resident, 0.95), unit: "MiB", atMost: 90 },
    ];
  },
};
