// Compiles configs that tests write as trees, with surroundings that change nothing unless a test says so.
import { expect } from "vitest";
import { compile, type CompileContext, type Compiled } from "../../../src/config/compile.ts";
import type { Complaint } from "../../../src/config/complaint.ts";
import type { Environment } from "../../../src/config/environment.ts";
import { parseConfigTree } from "../../../src/config/read-file.ts";
import type { ReadConfig } from "../../../src/config/read-result.ts";
import { lookUpSecrets } from "../../../src/config/secrets.ts";
import type { Snapshot, Target } from "../../../src/core/snapshot.ts";

/** What a test may change of the surroundings. */
export interface Surroundings {
  readonly env?: Environment;
  readonly flags?: Partial<CompileContext["flags"]>;
  readonly context?: Partial<CompileContext>;
}

/** A config that the schema accepts. */
export function read(tree: unknown, env: Environment = {}): ReadConfig {
  const result = parseConfigTree(tree, env);
  if (!result.ok) expect.fail(JSON.stringify(result.complaints));
  return result;
}

export async function compileTree(tree: unknown, { env = {}, flags, context }: Surroundings = {}): Promise<Compiled> {
  const config = read(tree, env);
  return compile(config, {
    source: "test",
    version: "1.2.3",
    cores: 4,
    memoryBytes: null,
    book: await lookUpSecrets(config),
    flags: { auth: null, token: null, password: null, bind: null, ...flags },
    port: 18_789,
    tls: null,
    localAddresses: [],
    interactive: false,
    harmless: true,
    randomHex: (bytes) => "ab".repeat(bytes),
    ...context,
  });
}

/** The snapshot of a config that must compile. */
export async function snapshotOf(tree: unknown, surroundings: Surroundings = {}): Promise<Snapshot> {
  const { snapshot, complaints } = await compileTree(tree, surroundings);
  if (snapshot === null) expect.fail(JSON.stringify(complaints));
  return snapshot;
}

/** `severity code path` of every complaint. */
export function said(complaints: readonly Complaint[]): string[] {
  return complaints.map(({ severity, code, path }) => `${severity} ${code} ${path}`.trim());
}

/** Request headers of a target's first credential, as an object. */
export function headersOf(target: Target | undefined, at = 0): Record<string, string> {
  const flat = target?.credentials[at]?.headers.reveal() ?? [];
  return Object.fromEntries(flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ""]] : [])));
}

/** A config with one provider `p` and the models that a test needs. */
export function withProvider(provider: Record<string, unknown>, rest: Record<string, unknown> = {}): unknown {
  return {
    models: { providers: { p: { baseUrl: "https://p.example/v1", models: [{ id: "m" }], ...provider } } },
    ...rest,
  };
}
