// The built-in provider table: one row per provider, in groups by where it runs.
// A provider that speaks a known dialect is one row there, and nothing else.
import type { Preset } from "./preset.ts";
import { ACCOUNT_PRESETS } from "./presets-account.ts";
import { HOSTED_PRESETS } from "./presets-hosted.ts";
import { LOCAL_PRESETS } from "./presets-local.ts";

/** All built-in rows by provider id; the order is the order of an embedded default chain. */
export const PRESETS: ReadonlyMap<string, Preset> = new Map<string, Preset>([
  ...Object.entries<Preset>(HOSTED_PRESETS),
  ...Object.entries<Preset>(ACCOUNT_PRESETS),
  ...Object.entries<Preset>(LOCAL_PRESETS),
]);

/** Environment variables of all rows: an `apiKey` equal to one of these names is a marker for it (OpenClaw §3.4). */
export const KEY_VARIABLES: ReadonlySet<string> = new Set([...PRESETS.values()].flatMap((row) => row.env));

/** Texts in the place of a key that mean: this server wants none. Never sent. */
export const LOCAL_MARKERS: ReadonlySet<string> = new Set([
  "custom-local",
  ...[...PRESETS.values()].flatMap((row) => row.marker ?? []),
]);
