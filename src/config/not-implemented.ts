// Keys that are read and checked but not obeyed yet. Whoever writes one is told, so that no setting is silently without effect.
// A key leaves this table in the change that makes it work; the last release has an empty table.
import { isJsonObject } from "../core/json.ts";
import { complain, type Complaint } from "./complaint.ts";
import { OBEYED_PARAMS } from "./fill.ts";
import { valueAt, type KeyPath } from "./key-path.ts";
import type { Positions } from "./positions.ts";

/** A written key that matched a row. */
interface Found {
  readonly path: KeyPath;
  readonly value: unknown;
  readonly tree: unknown;
}

/** One row: `*` stands for any name or list position. */
interface NotYet {
  readonly path: string;
  /** True when this use of the key is obeyed after all. */
  readonly except?: (found: Found) => boolean;
}

const PROVIDER_DEPTH = 3;
const MODEL_DEPTH = 5;

/** The mock reads its behaviour from `params`. */
function isMock({ tree, path }: Found): boolean {
  const depths = path[PROVIDER_DEPTH] === "models" ? [MODEL_DEPTH, PROVIDER_DEPTH] : [PROVIDER_DEPTH];
  const api = depths.map((depth) => valueAt(tree, [...path.slice(0, depth), "api"]));
  return api.find((value) => value !== undefined) === "mock";
}

/** Parameters of which only objects can be merged into a request; null takes back what a wider layer gives. */
const OBJECTS: ReadonlySet<unknown> = new Set([
  "extra_body",
  "extraBody",
  "chat_template_kwargs",
  "chatTemplateKwargs",
]);

const isMisshapen = ({ path, value }: Found): boolean =>
  OBJECTS.has(path.at(-1)) && value !== null && !isJsonObject(value);

/** A parameter that requests get, or that tells the mock how to behave. */
const isParamObeyed = (found: Found): boolean =>
  (OBEYED_PARAMS.has(found.path.at(-1)) && !isMisshapen(found)) || isMock(found);

/** Cleanings of tool schemas that there are. */
const TOOL_PROFILES: ReadonlySet<unknown> = new Set(["xai", "llamacpp"]);

/** What only OpenClaw's agent asks. */
const UNOBEYED_COMPAT: ReadonlySet<unknown> = new Set(["nativeWebSearchTool"]);

/** What is not obeyed yet. */
export const NOT_YET: readonly NotYet[] = [
  { path: "models.providers.*.auth", except: ({ value }) => value === "api-key" },
  { path: "models.providers.*.params.*", except: isParamObeyed },
  { path: "models.providers.*.models.*.params.*", except: isParamObeyed },
  { path: "models.providers.*.models.*.compat.*", except: ({ path }) => !UNOBEYED_COMPAT.has(path.at(-1)) },
  {
    path: "models.providers.*.models.*.compat.toolCallArgumentsEncoding",
    except: ({ value }) => value === "html-entities",
  },
  { path: "models.providers.*.models.*.compat.toolSchemaProfile", except: ({ value }) => TOOL_PROFILES.has(value) },
  { path: "agents.defaults.params.*", except: isParamObeyed },
  { path: "agents.defaults.models.*.params.*", except: isParamObeyed },
  { path: "agents.list.*.params.*", except: isParamObeyed },
  { path: "agents.list.*.models.*.params.*", except: isParamObeyed },
  { path: "agents.entries.*.params.*", except: isParamObeyed },
  { path: "agents.entries.*.models.*.params.*", except: isParamObeyed },
];

function steps(value: unknown, part: string): [string | number, unknown][] {
  if (typeof value !== "object" || value === null) return [];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return part === "*" ? entries : entries.filter(([key]) => key === part);
}

/** Every place of the tree that a pattern names. */
export function matches(tree: unknown, pattern: string): Found[] {
  let found: Found[] = [{ path: [], value: tree, tree }];
  for (const part of pattern.split(".")) {
    found = found.flatMap(({ path, value }) =>
      steps(value, part).map(([key, inner]) => ({ path: [...path, key], value: inner, tree })),
    );
  }
  return found;
}

/** A warning for every written key that is not obeyed yet. */
export function notImplemented(tree: unknown, positions: Positions): Complaint[] {
  const found = NOT_YET.flatMap((row) => matches(tree, row.path).filter((match) => row.except?.(match) !== true));
  return found.map((match) => {
    const { path } = match;
    const grievance = isMisshapen(match)
      ? { code: "wrong_type", path, message: "must be an object; as it is, it is left out" }
      : { code: "not_implemented", path, message: "is understood and not obeyed by this release" };
    return complain(positions, { severity: "warning", ...grievance });
  });
}
