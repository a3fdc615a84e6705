// What we take from others: exact versions, few packages, known licences, nothing that runs at installation, one floor for Node everywhere.
// What of it is in the bundle is the matter of bundled.test.ts.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { NODE_FLOOR, nodeFault } from "../../src/cli/node-floor.ts";
import { LICENCES } from "./licences.ts";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
}
interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const root = new URL("../../", import.meta.url);
const read = <Shape>(path: string): Shape => JSON.parse(readFileSync(new URL(path, root), "utf8")) as Shape;
const own = read<Manifest>("package.json");
const { packages } = read<{ readonly packages: Readonly<Record<string, Locked>> }>("package-lock.json");
const locked = Object.entries(packages).filter(([path]) => path !== "");
/** What goes into the bundle or might. */
const shipped = locked.filter(([, { dev }]) => dev !== true);

/** Packages that some file of the product imports by name. */
function importedPackages(): string[] {
  const files = readdirSync(new URL("src/", root), { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const text = files.map((name) => readFileSync(new URL(`src/${name}`, root), "utf8")).join("\n");
  const named = text.matchAll(/(?:from |import\()"(?!node:)(@[^"/]+\/[^"/]+|[a-z][^"/]*)[^"]*"/g);
  return [...new Set([...named].flatMap(([, name]) => name ?? []))].sort();
}

describe("dependencies", () => {
  it.each(Object.entries({ ...own.dependencies, ...own.devDependencies }))(
    "%s is pinned exactly (%s)",
    (_name, version) => {
      expect(version).toMatch(/^(?:npm:[@\w./-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/);
    },
  );

  it("are fewer than 15 packages at run time, those that the project was asked to use among them", () => {
    const names = Object.keys(own.dependencies);
    expect(names.length).toBeLessThan(15);
    expect(readFileSync(new URL("SECURITY.md", root), "utf8")).toContain(`| ${names.length} packages at run time,`);
    const asked = ["hono", "undici", "@opentelemetry/api", "@opentelemetry/sdk-node", "prom-client", "zod"];
    expect(names).toEqual(expect.arrayContaining(asked));
  });

  it("are all that the product imports, but for parts that OpenTelemetry's SDK brings in the same version", () => {
    const parts = ["sdk-node", "otlp-exporter-base"].map((name) => packages[`node_modules/@opentelemetry/${name}`]);
    const brought = Object.fromEntries(parts.flatMap((part) => Object.entries(part?.dependencies ?? {})));
    const others = importedPackages().filter((name) => own.dependencies[name] === undefined);
    expect(others).toHaveLength(8);
    expect(others.map((name) => [name, own.devDependencies[name]])).toEqual(
      others.map((name) => [name, brought[name]]),
    );
  });

  it("are not among what the published package asks for: it asks for nothing", async () => {
    const { packedManifest } = (await import(new URL(".dev/packed-manifest.mjs", root).href)) as {
      readonly packedManifest: (manifest: object, repository?: string) => Readonly<Record<string, unknown>>;
    };
    const packed = packedManifest(own, "somebody/openclaw-edge");
    expect(Object.keys(packed).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
    expect(packed).toMatchObject({ name: "openclaw-edge", bin: { "openclaw-edge": "dist/cli.mjs" } });
  });

  it("are locked by their content and by no host", () => {
    expect(shipped.filter(([, each]) => each.integrity === undefined).map(([path]) => path)).toEqual([]);
    expect(readFileSync(new URL("package-lock.json", root), "utf8")).not.toContain('"resolved"');
  });

  it("of the product run nothing when they are installed but what is known and switched off, and neither do we", () => {
    const scripted = shipped.filter(([, each]) => each.hasInstallScript === true).map(([path]) => path);
    // It compares version schemes of its dependents.
    expect(scripted).toEqual(["node_modules/protobufjs"]);
    expect(Object.keys(own.scripts).filter((name) => /^(?:pre|post)?install$|^prepare$/.test(name))).toEqual([]);
    const installs = ["Dockerfile", "deploy/Dockerfile", ".dev/setup.mjs", ".github/workflows/release.yml", ".ci/run"]
      .filter((path) => existsSync(new URL(path, root)))
      .flatMap(
        (path) =>
          readFileSync(new URL(path, root), "utf8").match(/npm (?:ci|install)\b.*|\["(?:ci|install)".*\]/g) ?? [],
      );
    expect(installs.length).toBeGreaterThan(1);
    expect(installs.filter((line) => !line.includes("--ignore-scripts"))).toEqual([]);
  });

  it("of the product have licences that a bundle may carry", () => {
    const licenceOf = ([path, { license }]: (typeof shipped)[number]): string =>
      license ?? read<{ readonly license?: string }>(`${path}/package.json`).license ?? "none";
    expect(shipped.filter((each) => !LICENCES.has(licenceOf(each))).map((each) => [each[0], licenceOf(each)])).toEqual(
      [],
    );
  });
});

describe("the floor of Node", () => {
  it("is the same for npm, for the program and for the set-up, and what the set-up brings is above it", () => {
    expect(own.engines.node).toBe(`>=${NODE_FLOOR}`);
    const [major, minor] = NODE_FLOOR.split(".");
    expect(readFileSync(new URL(".dev/setup.mjs", root), "utf8")).toContain(`NODE_FLOOR = [${major}, ${minor}]`);
    const brought = Object.values(
      read<{ readonly optionalDependencies: Record<string, string> }>(".dev/runtime/package.json").optionalDependencies,
    );
    expect(brought.map(nodeFault)).toEqual(brought.map(() => null));
  });
});
