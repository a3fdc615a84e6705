// The order of test files on a machine that has not run them yet. Vitest begins with the largest files; those that take longest are small ones
// that wait for processes and clocks, and would be waited for alone at the end.
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** By how long they take, from two minutes down to twenty seconds. */
const SLOW = [
  "test/faults/faults.test.ts",
  "test/e2e/workers.test.ts",
  "test/deploy/monitoring.test.ts",
  "test/e2e/reload.test.ts",
  "test/e2e/reload-under-load.test.ts",
  "test/conformance/dialects.test.ts",
  "test/e2e/reload-modes.test.ts",
  "test/e2e/workers-in-turn.test.ts",
  "test/model/failover.test.ts",
  "test/e2e/otlp.test.ts",
  "test/e2e/status-watch.test.ts",
  "test/matrix/matrix.test.ts",
];

/** Puts slow files first, else leaves vitest's order. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = SLOW.findIndex((path) => moduleId.endsWith(path));
  return place < 0 ? SLOW.length : place;
}
