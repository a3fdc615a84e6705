// What we take from others: exact versions, few projects, known licences, nothing that runs at installation, one floor for Node everywhere.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { NODE_FLOOR, nodeFault } from "../../src/cli/node-floor.ts";

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
}

const root = new URL("../../", import.meta.url);
const read = <Shape>(path: string): Shape => JSON.parse(readFileSync(new URL(path, root), "utf8")) as Shape;
const own = read<Manifest>("package.json");
const { packages } = read<{ readonly packages: Readonly<Record<string, Locked>> }>("package-lock.json");
const locked = Object.entries(packages).filter(([path]) => path !== "");
/** What goes into the bundle or might. */
const shipped = locked.filter(([, { dev }]) => dev !== true);

/** Licences that ask for their text and no more, which the bundle's LICENSES.txt carries. */
const LICENCES = new Set([
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "(Apache-2.0 AND BSD-3-Clause)",
]);

describe("dependencies", () => {
  it.each(Object.entries({ ...own.dependencies, ...own.devDependencies }))(
    "%s is pinned exactly (%s)",
    (_name, version) => {
      expect(version).toMatch(/^(?:npm:[@\w./-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/);
    },
  );

  it("come from fewer than 15 projects at run time; OpenTelemetry's packages are one", () => {
    const projects = new Set(Object.keys(own.dependencies).map((name) => name.replace(/^(@opentelemetry)\/.*/, "$1")));
    expect(projects.size).toBeLessThan(15);
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
