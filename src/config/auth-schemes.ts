// How a key becomes request headers: one row per scheme. Knows no provider and reads no configuration.

/** Header pairs, lower-case name and value. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** Anthropic's OAuth tokens look like this and travel as Bearer (OpenClaw §3.4). */
const ANTHROPIC_OAUTH = "sk-ant-oat";

const bearer = (key: string): HeaderPairs => [["authorization", `Bearer ${key}`]];

/** Scheme to headers. */
export const AUTH_SCHEMES = {
  bearer,
  "x-api-key": (key) => (key.includes(ANTHROPIC_OAUTH) ? bearer(key) : [["x-api-key", key]]),
  "x-goog-api-key": (key) => [["x-goog-api-key", key]],
  "api-key": (key) => [["api-key", key]],
  none: () => [],
} as const satisfies Record<string, (key: string) => HeaderPairs>;

/** The name of a scheme. */
export type AuthScheme = keyof typeof AUTH_SCHEMES;
