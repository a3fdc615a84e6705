// TABLE: what is fuzzed.
import type { FuzzTarget } from "./target.ts";
import { ANSWERS } from "./targets/answers.ts";
import { CONFIGS } from "./targets/configs.ts";
import { PLACES } from "./targets/places.ts";
import { REQUESTS } from "./targets/requests.ts";
import { SPLICING } from "./targets/splicing.ts";
import { SPLITTING } from "./targets/splitting.ts";

export const TARGETS: readonly FuzzTarget[] = [
  ...SPLITTING,
  ...SPLICING,
  ...REQUESTS,
  ...ANSWERS,
  ...CONFIGS,
  ...PLACES,
];

/** Ends what targets have started. */
export async function closeTargets(): Promise<void> {}
