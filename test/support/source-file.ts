// Source files as the house rules read them: text and syntax tree, with a walk that knows parents.
// Reads only; judges nothing.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { type ESTree, type ParseResult, parseSync } from "rolldown/utils";

/** One parsed source file. `path` is relative to the repository, with `/` between its parts. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly program: ParseResult["program"];
  readonly comments: ParseResult["comments"];
}

/** Something that a rule does not allow, at its place. */
export interface Finding {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** A node with the way up to the program, nearest ancestor last. */
export type Visit = (node: ESTree.Node, ancestors: readonly ESTree.Node[]) => void;

/** Parses one TypeScript text; a text that does not parse is an error, because no rule could be held against it. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, comments, errors } = parseSync(path, text, { lang: path.endsWith(".d.ts") ? "dts" : "ts" });
  const first = errors[0];
  if (first !== undefined) throw new Error(`${path} does not parse: ${first.message}`);
  return { path, text, lines: text.split("\n"), program, comments };
}

/** All `.ts` files below the given folders of the repository, sorted by path. A folder that is not there has none. */
export function readSources(root: string, folders: readonly string[]): SourceFile[] {
  return folders
    .flatMap((folder) => filesBelow(join(root, folder)))
    .filter((path) => path.endsWith(".ts"))
    .map((path) => parseSource(relative(root, path).split(sep).join("/"), readFileSync(path, "utf8")))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Visits every node of a file, parents before children. */
export function walk(file: SourceFile, visit: Visit): void {
  descend(file.program, [], visit);
}

function descend(node: ESTree.Node, ancestors: ESTree.Node[], visit: Visit): void {
  visit(node, ancestors);
  ancestors.push(node);
  for (const value of Object.values(node) as unknown[]) {
    if (isNode(value)) descend(value, ancestors, visit);
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) descend(item, ancestors, visit);
  }
  ancestors.pop();
}

function isNode(value: unknown): value is ESTree.Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** The line of an offset, counted from 1. */
export function lineOf(file: SourceFile, offset: number): number {
  let line = 1;
  for (let at = file.text.indexOf("\n"); at >= 0 && at < offset; at = file.text.indexOf("\n", at + 1)) line += 1;
  return line;
}

/** A finding at a node or a comment. */
export function findingAt(file: SourceFile, at: { readonly start: number }, message: string): Finding {
  return { path: file.path, line: lineOf(file, at.start), message };
}

/** Findings as a reader wants them: one `file:line message` each. */
export function listed(findings: readonly Finding[]): string[] {
  return findings.map(({ path, line, message }) => `${path}:${line} ${message}`);
}
