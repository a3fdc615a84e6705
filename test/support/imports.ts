// Who may import whom: floors, rooms and the one place of each library, read from the import lines.
import { posix } from "node:path";
import type { ESTree } from "rolldown/utils";
import { type Finding, findingAt, type SourceFile, walk } from "./source-file.ts";

/** One import, re-export, `import()` or `import("…")` type. */
export interface Import {
  readonly specifier: string;
  /** True when nothing of it exists at run time. */
  readonly typeOnly: boolean;
  readonly start: number;
}

/** A room stands on a floor; a higher number is a higher floor. `roof` is everything directly in `src/` and the command line. */
const FLOORS: Readonly<Record<string, number>> = {
  core: 1,
  routing: 2,
  dialects: 2,
  transforms: 2,
  upstream: 2,
  config: 2,
  telemetry: 2,
  proxy: 3,
  mock: 3,
  server: 4,
  roof: 5,
};

/** Where each library lives: path prefixes below `src/`. A library that is not listed lives nowhere. */
const LIBRARIES: readonly { readonly name: RegExp; readonly homes: readonly string[] }[] = [
  { name: /^hono(\/|$)/, homes: ["server/"] },
  { name: /^undici$/, homes: ["upstream/"] },
  { name: /^zod(\/|$)/, homes: ["config/"] },
  { name: /^@humanwhocodes\/momoa$/, homes: ["config/"] },
  { name: /^prom-client$/, homes: ["telemetry/"] },
  { name: /^@opentelemetry\//, homes: ["telemetry/"] },
  { name: /^pino$/, homes: ["telemetry/"] },
  { name: /^eventsource-parser(\/|$)/, homes: ["dialects/sse.ts"] },
  { name: /^(commander|@clack\/prompts|cli-table3)$/, homes: ["cli/"] },
  { name: /^ipaddr\.js$/, homes: ["core/ip-address.ts"] },
];

/** All imports of a file, in order. A computed specifier is given as `<computed>`. */
export function importsOf(file: SourceFile): Import[] {
  const imports: Import[] = [];
  walk(file, (node) => {
    const found = importAt(node);
    if (found !== null) imports.push(found);
  });
  return imports;
}

function importAt(node: ESTree.Node): Import | null {
  const { start } = node;
  switch (node.type) {
    case "ImportDeclaration":
      return { specifier: node.source.value, typeOnly: onlyTypes(node), start };
    case "ExportAllDeclaration":
      return { specifier: node.source.value, typeOnly: node.exportKind === "type", start };
    case "ExportNamedDeclaration":
      return node.source && { specifier: node.source.value, typeOnly: node.exportKind === "type", start };
    case "ImportExpression":
      return { specifier: literalOf(node.source), typeOnly: false, start };
    case "TSImportType":
      return { specifier: literalOf(node.source), typeOnly: true, start };
    default:
      return null;
  }
}

function onlyTypes({ importKind, specifiers }: ESTree.ImportDeclaration): boolean {
  if (importKind === "type") return true;
  return (
    specifiers.length > 0 && specifiers.every((one) => one.type === "ImportSpecifier" && one.importKind === "type")
  );
}

function literalOf(node: ESTree.Node): string {
  return node.type === "Literal" && typeof node.value === "string" ? node.value : "<computed>";
}

/** The room of a path such as `src/routing/plan.ts`; null outside `src/`. */
export function roomOf(path: string): string | null {
  const [top, room, ...rest] = path.split("/");
  if (top !== "src" || room === undefined) return null;
  return rest.length === 0 || room === "cli" ? "roof" : room;
}

/** The repository path that a relative specifier means, or null for a package. */
function resolved(file: SourceFile, specifier: string): string | null {
  return specifier.startsWith(".") ? posix.join(posix.dirname(file.path), specifier) : null;
}

/** Stairs go down only, and rooms of one floor have no doors between them. */
export function stairs(file: SourceFile): Finding[] {
  const room = roomOf(file.path) ?? "nowhere";
  const floor = FLOORS[room];
  if (floor === undefined) return [findingAt(file, { start: 0 }, `stands in no room of the house (${room})`)];
  return importsOf(file).flatMap(({ specifier, start }) => {
    const target = resolved(file, specifier);
    if (target === null) return [];
    const to = roomOf(target);
    if (to === null) return [findingAt(file, { start }, `leaves the house for ${specifier}`)];
    const toFloor = FLOORS[to];
    if (toFloor === undefined) return [findingAt(file, { start }, `imports from ${to}/, which is no room`)];
    if (to === room || toFloor < floor) return [];
    const why = toFloor === floor ? "a door between two rooms of one floor" : "stairs go down only";
    return [findingAt(file, { start }, `${room} (floor ${floor}) imports ${to} (floor ${toFloor}): ${why}`)];
  });
}

/** Each library lives in one place; what is neither a library of the table, a `node:` builtin nor a relative path lives nowhere. */
export function libraries(file: SourceFile): Finding[] {
  const inside = file.path.replace(/^src\//, "");
  return importsOf(file).flatMap(({ specifier, start }) => {
    if (specifier.startsWith(".") || specifier.startsWith("node:")) return [];
    const row = LIBRARIES.find(({ name }) => name.test(specifier));
    if (row === undefined) return [findingAt(file, { start }, `imports ${specifier}, which has no place in the house`)];
    if (row.homes.some((home) => (home.endsWith("/") ? inside.startsWith(home) : inside === home))) return [];
    return [findingAt(file, { start }, `imports ${specifier}, which lives in ${row.homes.join(", ")}`)];
  });
}

/** Files that import each other at run time, as one finding per cycle; types may point both ways. */
export function cycles(files: readonly SourceFile[]): Finding[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const findings: Finding[] = [];
  const follow = (file: SourceFile, way: readonly string[]): void => {
    const seen = way.indexOf(file.path);
    if (seen >= 0) {
      findings.push(findingAt(file, { start: 0 }, `imports itself: ${[...way.slice(seen), file.path].join(" → ")}`));
      return;
    }
    if (done.has(file.path)) return;
    for (const { specifier, typeOnly } of importsOf(file)) {
      const next = typeOnly ? undefined : byPath.get(resolved(file, specifier) ?? "");
      if (next !== undefined) follow(next, [...way, file.path]);
    }
    done.add(file.path);
  };
  for (const file of files) follow(file, []);
  return findings;
}
