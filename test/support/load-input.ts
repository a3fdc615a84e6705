// What a configuration is loaded with where nothing of the machine may have a say.
import type { LoadInput } from "../../src/config/load-snapshot.ts";

/** What may differ; of the flags, one or the other. */
export type LoadChanges = Partial<Omit<LoadInput, "flags">> & { readonly flags?: Partial<LoadInput["flags"]> };

/** The input of somebody who only looks, in this folder: no variables, no model servers nearby, digits that repeat. */
export function loadInput(home: string, { flags, ...more }: LoadChanges = {}): LoadInput {
  return {
    flags: { config: null, port: null, bind: null, auth: null, token: null, password: null, ...flags },
    env: {},
    cwd: home,
    home,
    interactive: false,
    probe: () => Promise.resolve(null),
    localAddresses: [],
    version: "1.2.3",
    cores: 1,
    memoryBytes: null,
    wallMs: Date.UTC(2026, 10, 21),
    serves: false,
    randomHex: (bytes) => "cd".repeat(bytes),
    ...more,
  };
}
