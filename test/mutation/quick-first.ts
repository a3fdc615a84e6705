// The order of test files under mutation: short ones first, since the first test that notices a mutant ends its trial.
import { statSync } from "node:fs";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** By size, models last: a short file may play long sequences. */
export class QuickFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const size = ({ moduleId }: TestSpecification): number =>
      moduleId.includes("/test/model/") ? Number.POSITIVE_INFINITY : statSync(moduleId).size;
    return Promise.resolve(files.toSorted((a, b) => size(a) - size(b)));
  }
}
