// TABLE: gateways that the matrix can be played against, by the name that `--against` takes.
import type { Adapter } from "../gateway.ts";
import { OPENCLAW_EDGE } from "./openclaw-edge.ts";
import { PORTKEY } from "./portkey.ts";

/** By name. */
export const ADAPTERS = { "openclaw-edge": OPENCLAW_EDGE, portkey: PORTKEY } as const satisfies Record<string, Adapter>;
