// A load and what it cost its subject.
import { cpuMicros } from "./proc.ts";
import type { Subject } from "./subjects/subject.ts";

/** Runs a load and divides the subject's processor time, in microseconds, by the units done; NaN where the kernel does not say. */
export async function costed<T>(
  { pid }: Pick<Subject, "pid">,
  load: () => Promise<T>,
  units: (report: T) => number,
): Promise<[report: T, cpu: number]> {
  const before = cpuMicros(pid);
  const report = await load();
  const after = cpuMicros(pid);
  return [report, before === null || after === null ? Number.NaN : (after - before) / units(report)];
}
