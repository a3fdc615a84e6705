// Written tree to plain values: variables put in, positions indexed, depth checked. The last step before the schema.
import { complain, complainAt, type Complaint } from "./complaint.ts";
import type { Environment } from "./environment.ts";
import { DEPTH_MAX } from "./json5.ts";
import type { KeyPath } from "./key-path.ts";
import { Positions } from "./positions.ts";
import { holdsReference, substitute, type EnvReference } from "./substitute.ts";
import type { Written, WrittenObject } from "./written.ts";

/** A config as plain values, and what is known of them. */
export interface Settled {
  readonly tree: unknown;
  readonly positions: Positions;
  readonly references: readonly EnvReference[];
  readonly complaints: readonly Complaint[];
}

/** The key whose values are variables themselves: nothing is put into them. */
const ENV = "env";

function texts(node: Written | undefined): [string, string][] {
  if (node?.kind !== "object") return [];
  const found: [string, string][] = [];
  for (const [name, value] of node.members) {
    if (value.kind === "scalar" && typeof value.value === "string") found.push([name, value.value]);
  }
  return found;
}

/** Variables of the config's own `env` block; `vars` win over names written directly. Values that hold `${` are left out. */
export function configEnv(root: Written): Environment {
  const block = root.kind === "object" ? root.members.get(ENV) : undefined;
  const vars = block?.kind === "object" ? block.members.get("vars") : undefined;
  const all = [...texts(block), ...texts(vars)];
  return Object.fromEntries(all.filter(([, value]) => !holdsReference(value)));
}

/** Walks a written tree once. */
class Settler {
  readonly positions: Positions;
  readonly references: EnvReference[];
  readonly complaints: Complaint[];
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
    this.positions = new Positions();
    this.references = [];
    this.complaints = [];
  }

  plain(node: Written, path: KeyPath): unknown {
    if (node.at !== null) this.positions.set(path, node.at);
    if (node.kind === "scalar") return typeof node.value === "string" ? this.#text(node.value, path) : node.value;
    if (path.length >= DEPTH_MAX) {
      const message = `is nested deeper than ${DEPTH_MAX} levels`;
      this.complaints.push(complainAt(node.at, { code: "too_deep", path, message }));
      return null;
    }
    return node.kind === "list"
      ? node.items.map((item, i) => this.plain(item, [...path, i]))
      : this.#object(node, path);
  }

  #object(node: WrittenObject, path: KeyPath): unknown {
    return Object.fromEntries([...node.members].map(([key, value]) => [key, this.plain(value, [...path, key])]));
  }

  #text(value: string, path: KeyPath): string {
    if (path[0] === ENV) {
      if (holdsReference(value)) {
        const message = "holds ${…} and is not applied";
        this.complaints.push(complain(this.positions, { severity: "warning", code: "env_skipped", path, message }));
      }
      return value;
    }
    const { text, references } = substitute(value, this.#env, path);
    this.references.push(...references);
    return text;
  }
}

/** Makes plain values of a written tree. */
export function settle(root: Written, env: Environment): Settled {
  const settler = new Settler(env);
  const tree = settler.plain(root, []);
  return {
    tree,
    positions: settler.positions,
    references: settler.references,
    complaints: settler.complaints,
  };
}
