// What a file of tests is said to test: titles of `describe` and `it`, words of the rows of `it.each`, and what rows of the matrix say. Words in
// comments, in code and in what is skipped prove nothing.
import type { ESTree } from "rolldown/utils";
import { parseSource, walk } from "../support/source-file.ts";

/** What a test or a group of tests is called by. */
const CALLS = new Set(["describe", "it", "test"]);
/** Behind these nothing runs. */
const IDLE = new Set(["skip", "todo", "fails"]);
/** Keys of a row of the matrix. */
const ROW_KEYS = new Set(["says", "wants"]);

/** All titles of a text of TypeScript. */
export function titlesOf(path: string, text: string): string[] {
  const titles: string[] = [];
  walk(parseSource(path, text), (node) => {
    if (node.type === "CallExpression" && isTest(node.callee)) titles.push(...node.arguments.flatMap(wordsOf));
    if (node.type === "Property" && node.key.type === "Identifier" && ROW_KEYS.has(node.key.name))
      titles.push(...wordsOf(node.value));
  });
  return titles;
}

/** `it`, `it.each`, `it.runIf(…)`, `describe.each<Row>([…])`, but nothing that is skipped. */
function isTest(callee: ESTree.Node): boolean {
  if (callee.type === "Identifier") return CALLS.has(callee.name);
  if (callee.type === "CallExpression") return isTest(callee.callee);
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return false;
  return !IDLE.has(callee.property.name) && isTest(callee.object);
}

/** A string, a template without its values, and strings in a list or in a list of lists. */
function wordsOf(node: ESTree.Node | null): string[] {
  if (node === null) return [];
  if (node.type === "Literal") return typeof node.value === "string" ? [node.value] : [];
  if (node.type === "TemplateLiteral") return [node.quasis.map(({ value }) => value.cooked ?? "").join("…")];
  if (node.type === "TSAsExpression") return wordsOf(node.expression);
  return node.type === "ArrayExpression" ? node.elements.flatMap(wordsOf) : [];
}
