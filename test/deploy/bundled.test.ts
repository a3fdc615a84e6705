// What the bundle holds of others, and what its papers say that it holds. The source maps of a bundle are the witness: they name the file that
// each piece of code came from, whatever the papers were made of.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXIT } from "../../src/cli/command.ts";
import { nodeFault } from "../../src/cli/node-floor.ts";
import { LICENCES } from "./licences.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}
interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses: readonly { readonly license?: { readonly id: string }; readonly expression?: string }[];
}
interface Bill {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = <Shape>(path: string): Shape => JSON.parse(readFileSync(path, "utf8")) as Shape;
const own = read<Manifest>(join(root, "package.json"));
const folder = mkdtempSync(join(tmpdir(), "openclaw-edge-bundled-"));
let bill: Bill;

beforeAll(() => {
  execFileSync(process.execPath, [".dev/build.mjs", folder], { cwd: root, stdio: "pipe" });
  bill = read<Bill>(join(folder, "sbom.cdx.json"));
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const said = ({ name, version }: { readonly name: string; readonly version: string }): string => `${name} ${version}`;

/** Name and version of the packages whose files the source maps name. */
function packagesInside(): string[] {
  const maps = readdirSync(folder).filter((name) => name.endsWith(".mjs.map"));
  const sources = maps.flatMap((name) => read<{ readonly sources: readonly string[] }>(join(folder, name)).sources);
  const foreign = sources.map((source) => resolve(folder, source)).filter((path) => path.includes("/node_modules/"));
  return [...new Set(foreign.map((path) => said(manifestAbove(path))))].sort();
}

function manifestAbove(path: string): Manifest {
  const at = dirname(path);
  const file = join(at, "package.json");
  const found = existsSync(file) ? read<Partial<Manifest>>(file) : {};
  return found.version === undefined ? manifestAbove(at) : (found as Manifest);
}

describe("the bundle", () => {
  it("holds the packages that its bill of materials lists, and no other", () => {
    const inside = packagesInside();
    expect(inside.length).toBeGreaterThan(20);
    expect(bill.components.map(said)).toEqual(inside);
    expect(readFileSync(join(root, "SECURITY.md"), "utf8")).toContain(`make ${inside.length} in the bundle`);
  });

  it("comes with the licences of just these", () => {
    const text = readFileSync(join(folder, "LICENSES.txt"), "utf8");
    const heads = text.split(/^-{80}\n\n|^openclaw-edge contains .*\n\n/m).slice(1);
    const listed = heads.map((part) => /^(\S+ \S+) \((.+)\)$/m.exec(part)?.slice(1));
    expect(listed).toEqual(bill.components.map((each) => [said(each), licenceOf(each)]));
  });

  it("holds every dependency of the manifest, so that nothing is fetched beside it", () => {
    const real = Object.keys(own.dependencies).map((name) =>
      said(read(join(root, "node_modules", name, "package.json"))),
    );
    expect(bill.components.map(said)).toEqual(expect.arrayContaining(real));
  });

  it("holds nothing whose licence asks for more than its text", () => {
    expect(bill.components.filter((each) => !LICENCES.has(licenceOf(each))).map(said)).toEqual([]);
  });

  it("says to an old Node that it is too old, whatever that one lacks", () => {
    const old = "20.20.2";
    const aged = `import module from "node:module"; delete module.enableCompileCache;
      Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${old}" } });`;
    const wrapped = `data:text/javascript,${encodeURIComponent(aged)}`;
    const args = ["--import", wrapped, join(folder, "cli.mjs"), "--version"];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(stderr).toBe(`openclaw-edge: ${nodeFault(old) ?? "fit"}\n`);
    expect(status).toBe(EXIT.config);
  });
});

function licenceOf({ licenses: [first] }: Component): string {
  return first?.license?.id ?? first?.expression ?? "none";
}

describe("the bill of materials", () => {
  it("is CycloneDX, of openclaw-edge in its version", () => {
    expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" });
    const { name, version } = own;
    expect(bill.metadata.component).toMatchObject({ name, version, purl: `pkg:npm/openclaw-edge@${version}` });
  });

  it("names each package as advisories do, and its tarball by its content", () => {
    for (const { name, version, purl, hashes } of bill.components) {
      expect(purl).toBe(`pkg:npm/${name.replace("@", "%40")}@${version}`);
      expect(hashes).toEqual([{ alg: "SHA-512", content: expect.stringMatching(/^[0-9a-f]{128}$/) as string }]);
    }
  });
});
