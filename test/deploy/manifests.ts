// Renders the manifests and judges them: types, formats, and the unknown keys that a cluster drops without a word.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

const root = new URL("../..", import.meta.url).pathname;

/** One document of a manifest. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly [key: string]: unknown;
}

/** True where manifests can be rendered. */
export const canRender = spawnSync("kubectl", ["version", "--client"]).status === 0;

/** What `kubectl apply -k` would send, document by document. */
export function rendered(folder: string): Manifest[] {
  const text = execFileSync("kubectl", ["kustomize", join(root, folder)], { encoding: "utf8" });
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

/** The package that knows a document's kind. */
function moduleOf({ apiVersion, kind }: Manifest): string {
  const home = apiVersion.startsWith("monitoring.coreos.com/")
    ? "@kubernetes-models/prometheus-operator"
    : "kubernetes-models";
  return `${home}/${apiVersion}/${kind}`;
}

interface Model {
  validate(): void;
}

/** What the API's schema says against a document: wrong types, wrong formats, missing fields. Null for nothing. */
export async function schemaComplaint(manifest: Manifest): Promise<string | null> {
  const models = (await import(moduleOf(manifest))) as Record<string, new (document: Manifest) => Model>;
  const Kind = models[manifest.kind];
  if (Kind === undefined) return `no such kind: ${manifest.kind}`;
  try {
    new Kind(manifest).validate();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What the types of the API say against documents written as literals, where an unknown key is an error at any depth. */
export function typeComplaints(manifests: readonly Manifest[]): string[] {
  const cache = join(root, ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "manifests-"));
  try {
    const file = join(folder, "manifests.ts");
    writeFileSync(file, manifests.map(literal).join("\n"));
    const flags = ["--noEmit", "--strict", "--skipLibCheck", "--ignoreConfig"];
    const modules = ["--module", "nodenext", "--target", "es2024"];
    const tsc = spawnSync(join(root, "node_modules/.bin/tsc"), [...flags, ...modules, file], { encoding: "utf8" });
    return tsc.stdout.split("\n").filter((line) => line.includes("error"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function literal(manifest: Manifest, index: number): string {
  const type = `import("${moduleOf(manifest)}").I${manifest.kind}`;
  return `export const document${index}: ${type} = ${JSON.stringify(manifest, null, 2)};`;
}
