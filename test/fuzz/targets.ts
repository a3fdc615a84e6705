// TABLE: what is fuzzed.
import type { FuzzTarget } from "./target.ts";
import { ANSWERS } from "./targets/answers.ts";
import { CONFIGS } from "./targets/configs.ts";
import { PLACES } from "./targets/places.ts";
import { REQUESTS } from "./targets/requests.ts";
import { closeStage, SOCKETS } from "./targets/sockets.ts";
import { SPLICING } from "./targets/splicing.ts";
import { SPLITTING } from "./targets/splitting.ts";

export const TARGETS: readonly FuzzTarget[] = [
  ...SPLITTING,
  ...SPLICING,
  ...REQUESTS,
  ...ANSWERS,
  ...CONFIGS,
  ...PLACES,
  ...SOCKETS,
];

/** Ends what targets have started. */
export async function closeTargets(): Promise<void> {
  await closeStage();
}
