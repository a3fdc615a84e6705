// What no file of the house may hold: hidden inputs, silenced tools, defaults, giants. Each rule is a function from a file to findings.
import type { ESTree } from "rolldown/utils";
import { roomOf } from "./imports.ts";
import { type Finding, findingAt, lineOf, type SourceFile, walk } from "./source-file.ts";

/** Lines of a file at most. */
export const FILE_LINES_MAX = 400;
/** Lines of a function at most, without the named functions inside it. */
export const FUNCTION_LINES_MAX = 70;
/** Positional parameters at most; then an options object. */
export const PARAMETERS_MAX = 3;
const OPENING_LINES_MAX = 5;

/** The files below the roof whose purpose is to know the clock and chance. */
const KNOWS_HIDDEN_INPUTS = new Set(["src/core/clock.ts", "src/core/ids.ts"]);
const TIMERS = new Set(["setTimeout", "setInterval"]);
const HIDDEN_MEMBERS: Readonly<Record<string, ReadonlySet<string>>> = {
  process: new Set(["env", "argv", "hrtime"]),
  Date: new Set(["now"]),
  Math: new Set(["random"]),
  performance: new Set(["now", "timeOrigin"]),
  globalThis: new Set([...TIMERS, "process", "Date", "performance", "console"]),
};
const HIDDEN_IMPORTS: Readonly<Record<string, ReadonlySet<string>>> = {
  "node:process": new Set(["env", "argv", "hrtime"]),
  "node:timers": TIMERS,
  "node:timers/promises": TIMERS,
};

/** Environment, arguments, clock, timers and chance come in as parameters; only the roof and two files of the ground floor reach for them. */
export function hiddenInputs(file: SourceFile): Finding[] {
  if (roomOf(file.path) === "roof" || KNOWS_HIDDEN_INPUTS.has(file.path)) return [];
  const findings: Finding[] = [];
  walk(file, (node, ancestors) => {
    const found = hiddenInput(node, ancestors);
    if (found !== null) findings.push(findingAt(file, node, `reaches for ${found}; take it as a parameter`));
  });
  return findings;
}

function hiddenInput(node: ESTree.Node, ancestors: readonly ESTree.Node[]): string | null {
  switch (node.type) {
    case "Identifier":
      return TIMERS.has(node.name) && isReference(node, ancestors.at(-1)) ? node.name : null;
    case "MemberExpression":
      return hiddenMember(node);
    case "VariableDeclarator":
      return hiddenPattern(node);
    case "NewExpression":
      return isNamed(node.callee, "Date") && node.arguments.length === 0 ? "new Date()" : null;
    case "ImportDeclaration":
      return hiddenImport(node);
    default:
      return null;
  }
}

function hiddenMember(node: ESTree.MemberExpression): string | null {
  if (node.object.type !== "Identifier") return null;
  const member = memberName(node);
  return member !== null && hides(node.object.name, member) ? `${node.object.name}.${member}` : null;
}

/** `const { env } = process` is `process.env` by another name. */
function hiddenPattern(node: ESTree.VariableDeclarator): string | null {
  if (node.id.type !== "ObjectPattern" || node.init?.type !== "Identifier") return null;
  const owner = node.init.name;
  for (const property of node.id.properties) {
    if (property.type !== "Property" || property.key.type !== "Identifier") continue;
    if (hides(owner, property.key.name)) return `${owner}.${property.key.name}`;
  }
  return null;
}

function hiddenImport(node: ESTree.ImportDeclaration): string | null {
  const hidden = HIDDEN_IMPORTS[node.source.value];
  if (hidden === undefined || node.importKind === "type") return null;
  for (const specifier of node.specifiers) {
    if (specifier.type !== "ImportSpecifier") continue;
    const name = specifier.imported.type === "Identifier" ? specifier.imported.name : specifier.imported.value;
    if (hidden.has(name)) return `${name} of ${node.source.value}`;
  }
  return null;
}

function hides(owner: string, member: string): boolean {
  return Object.hasOwn(HIDDEN_MEMBERS, owner) && HIDDEN_MEMBERS[owner]?.has(member) === true;
}

function memberName(node: ESTree.MemberExpression): string | null {
  if (!node.computed) return node.property.type === "Identifier" ? node.property.name : null;
  return node.property.type === "Literal" && typeof node.property.value === "string" ? node.property.value : null;
}

function isNamed(node: ESTree.Node, name: string): boolean {
  return node.type === "Identifier" && node.name === name;
}

const TYPE_PLACES = new Set(["TSTypeReference", "TSTypeQuery", "TSQualifiedName", "TSInterfaceDeclaration"]);

/** False for the name of a property, a method or a type: those only look like the global. */
function isReference(node: ESTree.Node, parent: ESTree.Node | undefined): boolean {
  if (parent === undefined) return true;
  if (parent.type === "MemberExpression") return parent.object === node || parent.computed;
  if ("key" in parent && parent.key === node && !("shorthand" in parent && parent.shorthand)) return false;
  return !TYPE_PLACES.has(parent.type);
}

/** Output goes through the log or, on the roof, through the streams of the process. */
export function consoles(file: SourceFile): Finding[] {
  return nodesThat(file, "writes to the console", (node, ancestors) => {
    if (node.type === "MemberExpression" && isNamed(node.object, "globalThis")) return memberName(node) === "console";
    return isNamed(node, "console") && isReference(node, ancestors.at(-1));
  });
}

/** A name belongs to the thing, not to its importer. */
export function defaultExports(file: SourceFile): Finding[] {
  return nodesThat(file, "exports a default", (node) => {
    if (node.type === "ExportDefaultDeclaration") return true;
    return node.type === "ExportSpecifier" && isNamed(node.exported, "default");
  });
}

/** Unchecked types spread; `unknown` does not. */
export function anyTypes(file: SourceFile): Finding[] {
  return nodesThat(file, "says any", (node) => node.type === "TSAnyKeyword");
}

function nodesThat(
  file: SourceFile,
  message: string,
  holds: (node: ESTree.Node, ancestors: readonly ESTree.Node[]) => boolean,
): Finding[] {
  const findings: Finding[] = [];
  walk(file, (node, ancestors) => {
    if (holds(node, ancestors)) findings.push(findingAt(file, node, message));
  });
  return findings;
}

const SILENCER =
  /@ts-(?:ignore|nocheck|expect-error)|(?:eslint|oxlint|biome|prettier|oxfmt|deno-lint)-(?:disable|ignore)|biome-ignore|(?:c8|v8|istanbul) ignore/;

/** A finding of a tool is repaired, not hidden. Tests of what must not compile may expect an error. */
export function silencers(file: SourceFile): Finding[] {
  return file.comments
    .filter(({ value }) => SILENCER.test(value))
    .filter(({ value }) => !(file.path.startsWith("test/types/") && value.includes("@ts-expect-error")))
    .map((comment) => findingAt(file, comment, `silences a tool: ${comment.value.trim().slice(0, 60)}`));
}

/** A file opens with 1 to 5 lines that say what it is for. */
export function openings(file: SourceFile): Finding[] {
  const first = file.lines.findIndex((line) => !line.startsWith("#!"));
  let count = 0;
  while (file.lines[first + count]?.startsWith("//") === true) count += 1;
  if (count === 0) return [findingAt(file, { start: 0 }, "does not open with a comment that says what it is for")];
  if (count <= OPENING_LINES_MAX) return [];
  return [findingAt(file, { start: 0 }, `opens with ${count} comment lines; ${OPENING_LINES_MAX} must do`)];
}

/** A file that needs more lines holds more than one idea. */
export function fileSizes(file: SourceFile): Finding[] {
  const count = file.text.endsWith("\n") ? file.lines.length - 1 : file.lines.length;
  if (count <= FILE_LINES_MAX) return [];
  return [findingAt(file, { start: file.text.length }, `has ${count} lines; ${FILE_LINES_MAX} must do`)];
}

/** A function's own lines: a factory that closes over state counts by its named inner functions. */
export function functionSizes(file: SourceFile): Finding[] {
  const sizes: { node: Callable; own: number }[] = [];
  const open: { node: Callable; own: number }[] = [];
  walk(file, (node, ancestors) => {
    while (open.length > 0 && (open.at(-1)?.node.end ?? 0) <= node.start) open.pop();
    if (!isCallable(node)) return;
    const lines = lineOf(file, node.end - 1) - lineOf(file, node.start) + 1;
    const around = open.at(-1);
    if (around !== undefined && isNamedCallable(node, ancestors.at(-1))) around.own -= lines - 1;
    const entry = { node, own: lines };
    sizes.push(entry);
    open.push(entry);
  });
  return sizes
    .filter(({ own }) => own > FUNCTION_LINES_MAX)
    .map(({ node, own }) => findingAt(file, node, `is a function of ${own} lines; ${FUNCTION_LINES_MAX} must do`));
}

/** Positional parameters are remembered up to three; then an options object names them. A last instant (`now`) is not counted: time comes in everywhere. */
export function parameterCounts(file: SourceFile): Finding[] {
  return nodesThat(file, `has more than ${PARAMETERS_MAX} positional parameters`, (node) => {
    if (!isCallable(node)) return false;
    const counted = node.params.filter((one, index) => !isInstant(one, index === node.params.length - 1));
    return counted.length > PARAMETERS_MAX;
  });
}

function isInstant(parameter: ESTree.Node, last: boolean): boolean {
  return last && parameter.type === "Identifier" && /^(?:now|[a-z]+Now)$/.test(parameter.name);
}

type Callable = ESTree.Function | ESTree.ArrowFunctionExpression;

function isCallable(node: ESTree.Node): node is Callable {
  return (
    node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression"
  );
}

const NAMING = new Set(["VariableDeclarator", "Property", "MethodDefinition", "PropertyDefinition"]);

function isNamedCallable(node: Callable, parent: ESTree.Node | undefined): boolean {
  return node.type === "FunctionDeclaration" || (parent !== undefined && NAMING.has(parent.type));
}

const EMPTY_WORDS = /(?:Manager|Service|Helper|Helpers|Util|Utils|Base|Impl|Data|Info)$/;
const KEBAB_CASE = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.d)?\.ts$/;

/** Files are named in kebab-case, and no type bears a word that says nothing. */
export function names(file: SourceFile): Finding[] {
  const base = file.path.split("/").at(-1) ?? "";
  const findings = KEBAB_CASE.test(base) ? [] : [findingAt(file, { start: 0 }, "is not named in kebab-case")];
  const stem = base.replace(/\.ts$/, "");
  if (/^(?:manager|service|helpers?|utils?|base|impl|data|info)$/.test(stem))
    findings.push(findingAt(file, { start: 0 }, `is named ${stem}, which says nothing`));
  walk(file, (node) => {
    if (!isTypeLike(node) || node.id === null || !EMPTY_WORDS.test(node.id.name)) return;
    findings.push(findingAt(file, node, `${node.id.name} ends in a word that says nothing`));
  });
  return findings;
}

function isTypeLike(
  node: ESTree.Node,
): node is Extract<ESTree.Node, { type: "ClassDeclaration" | "TSInterfaceDeclaration" | "TSTypeAliasDeclaration" }> {
  return ["ClassDeclaration", "TSInterfaceDeclaration", "TSTypeAliasDeclaration"].includes(node.type);
}
