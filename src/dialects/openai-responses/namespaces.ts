// Tools in namespaces, as Codex offers those of MCP servers: other dialects know flat names only. A call must come back as name and
// namespace, since Codex finds tools by both (openai/codex#23186), and calls of the history must carry the flat name again.
import { createHash } from "node:crypto";
import type { Json, JsonObject } from "../../core/json.ts";
import { asList, asObject, asText } from "../reading.ts";

/** What most providers take for a function's name. */
const NAME_LENGTH_MAX = 64;
const DIGEST_LENGTH = 8;

/** A tool with the namespace that it stands in. */
export interface NamespacedTool {
  /** Its name for providers. */
  readonly flat: string;
  readonly namespace: string;
  readonly name: string;
  readonly tool: JsonObject;
}

/** One name for both; a long one keeps its end unique by a digest. */
export function flatName(namespace: string, name: string): string {
  const flat = namespace.endsWith("__") ? namespace + name : `${namespace}__${name}`;
  if (flat.length <= NAME_LENGTH_MAX) return flat;
  const digest = createHash("sha256").update(flat).digest("hex").slice(0, DIGEST_LENGTH);
  return `${flat.slice(0, NAME_LENGTH_MAX - DIGEST_LENGTH - 1)}_${digest}`;
}

/** True for a group of tools. */
export function isNamespace(tool: Json): boolean {
  return asObject(tool)?.["type"] === "namespace";
}

/** The tools of a namespace; empty for every other tool. */
export function toolsOfNamespace(written: Json): NamespacedTool[] {
  const group = asObject(written);
  const namespace = asText(group?.["name"]);
  if (group === null || namespace === null || !isNamespace(written)) return [];
  return asList(group["tools"]).flatMap((each) => {
    const tool = asObject(each);
    const name = asText(tool?.["name"]);
    return tool === null || name === null ? [] : [{ flat: flatName(namespace, name), namespace, name, tool }];
  });
}

const tables = new WeakMap<JsonObject, ReadonlyMap<string, NamespacedTool>>();

/** How the client knows the function of that name. A function that it offers under the flat name itself comes first. */
export function clientName(
  name: string,
  request: JsonObject | null | undefined,
): { readonly name: string; readonly namespace?: string } {
  const found = request === null || request === undefined ? undefined : tableOf(request).get(name);
  return found === undefined ? { name } : { name: found.name, namespace: found.namespace };
}

/** True where the client offers a custom tool under that name, so that a call of it holds plain text. */
export function isCustomTool(name: string, request: JsonObject | null | undefined): boolean {
  if (request === null || request === undefined) return false;
  const found =
    tableOf(request).get(name)?.tool ?? asList(request["tools"]).find((tool) => asObject(tool)?.["name"] === name);
  return asObject(found)?.["type"] === "custom";
}

/** Read once per request: every item of an answer asks. */
function tableOf(request: JsonObject): ReadonlyMap<string, NamespacedTool> {
  const known = tables.get(request);
  if (known !== undefined) return known;
  const tools = asList(request["tools"]);
  const table = new Map(tools.flatMap(toolsOfNamespace).map((each) => [each.flat, each]));
  for (const tool of tools) table.delete(asText(asObject(tool)?.["name"]) ?? "");
  tables.set(request, table);
  return table;
}
