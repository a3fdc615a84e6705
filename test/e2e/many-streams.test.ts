// The promise of streaming under many at once: every text whole, none lost.
import { expect, it } from "vitest";
import { checkStreams } from "../../bench/check-streams.ts";

it("500 concurrent streams of 100 events each arrive with equal checksums", async () => {
  const report = await checkStreams({ streams: 500, events: 100 });
  expect(report.bad).toEqual([]);
  expect(report.streams).toBe(500);
}, 60_000);
