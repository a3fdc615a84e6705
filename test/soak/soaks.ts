// All soaks: a name for the command line, and what runs.
import { chaos } from "./chaos.ts";
import { closedLoop, openLoop, overload } from "./loops.ts";
import { manyStreams } from "./many-streams.ts";
import { slowReaders } from "./slow-readers.ts";
import type { Soak } from "./soak.ts";
import { starts } from "./starts.ts";
import { steady } from "./steady.ts";

/** One row each: L1 to L8, of which `steady` is L6. */
export const SOAKS = {
  "many-streams": manyStreams,
  "closed-loop": closedLoop,
  "open-loop": openLoop,
  overload,
  chaos,
  steady,
  "slow-readers": slowReaders,
  starts,
} as const satisfies Record<string, Soak>;
