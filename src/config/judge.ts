// A written tree becomes a config or complaints. The one place that knows the order: variables, schema, what is ignored, what is not yet obeyed.
import { complain, hasErrors, type Complaint } from "./complaint.ts";
import type { Environment } from "./environment.ts";
import { formatKeyPath, type KeyPath, liesIn } from "./key-path.ts";
import { notImplemented } from "./not-implemented.ts";
import type { Positions } from "./positions.ts";
import type { ReadResult } from "./read-result.ts";
import { schemaComplaints } from "./schema-complaints.ts";
import { ignoredPaths } from "./schema-view.ts";
import { configSchema } from "./schema/root.ts";
import { settle } from "./settle.ts";
import type { EnvReference } from "./substitute.ts";
import type { Written } from "./written.ts";

/** A tree, and what reading it has brought to light so far. */
export interface Evidence {
  readonly root: Written;
  readonly env: Environment;
  readonly complaints: readonly Complaint[];
  readonly files: readonly string[];
  readonly revision: string;
}

function ignoredComplaint(ignored: readonly KeyPath[], positions: Positions): Complaint[] {
  const [first] = ignored;
  if (first === undefined) return [];
  const message = `parts of OpenClaw that a proxy has no use for are ignored: ${ignored.map(formatKeyPath).join(", ")}`;
  const place = complain(positions, { severity: "warning", code: "ignored_keys", path: first, message });
  return [{ ...place, path: "" }];
}

/** Judges a tree: every error and every warning at once. */
export function judge(evidence: Evidence): ReadResult {
  const { env, files, revision } = evidence;
  const { tree, positions, references, complaints } = settle(evidence.root, env);
  const ignored = ignoredPaths(tree);
  const foreign = new Set(ignored.map(formatKeyPath));
  const isOurs = ({ path }: EnvReference): boolean => !liesIn(foreign, path);
  const unresolved = references.filter((reference) => !reference.set && isOurs(reference));
  const parsed = configSchema.safeParse(tree);
  // What stands in the environment is nobody's to read in a complaint: without it, references stay as they were written.
  const asWritten = (): unknown => settle(evidence.root, {}).tree;
  const all = [
    ...evidence.complaints,
    ...complaints,
    ...(parsed.success ? [] : schemaComplaints(parsed.error.issues, { tree: asWritten(), positions, unresolved })),
    ...ignoredComplaint(ignored, positions),
  ];
  const refused = new Set(all.filter(({ severity }) => severity === "error").map(({ path }) => path));
  all.push(...notImplemented(tree, positions).filter(({ path }) => !refused.has(path)));
  if (!parsed.success || hasErrors(all)) return { ok: false, complaints: all, files };
  const config = parsed.data;
  return {
    ok: true,
    config,
    written: tree,
    positions,
    env,
    warnings: all,
    references,
    unresolved,
    foreign,
    files,
    revision,
  };
}
