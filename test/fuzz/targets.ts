// TABLE: what is fuzzed.
import type { FuzzTarget } from "./target.ts";
import { ANSWERS } from "./targets/answers.ts";
import { SPLICING } from "./targets/splicing.ts";
import { SPLITTING } from "./targets/splitting.ts";

export const TARGETS: readonly FuzzTarget[] = [...SPLITTING, ...SPLICING, ...ANSWERS];

/** Ends what targets have started. */
export async function closeTargets(): Promise<void> {}
