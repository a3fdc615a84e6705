// The release workflow: it is YAML, runs scripts that exist, holds no secret, and gives each job the rights it needs and no more.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, { readonly permissions: object; readonly steps: readonly Step[] }>>;
}

const root = new URL("../../", import.meta.url);
const text = readFileSync(new URL(".github/workflows/release.yml", root), "utf8");
const workflow = parse(text) as Workflow;
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
const own = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
};

describe("the release workflow", () => {
  it("runs npm scripts that exist", () => {
    const named = steps.flatMap(({ run = "" }) => [...run.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name));
    expect(named.length).toBeGreaterThan(2);
    expect(Object.keys(own.scripts)).toEqual(expect.arrayContaining(named));
  });

  it("starts without rights; only the job that proves its origin gets an identity", () => {
    expect(workflow.permissions).toEqual({});
    expect(workflow.jobs["package"]?.permissions).toEqual({ contents: "write", "id-token": "write" });
    expect(workflow.jobs["image"]?.permissions).toEqual({ contents: "read", packages: "write" });
    expect(text).toContain("--provenance");
    expect(text).not.toContain("secrets.");
  });

  it("takes what others wrote by its content, since a tag can be moved under a name that holds rights", () => {
    const used = [...text.matchAll(/uses: (.*)/g)].map(([, name]) => name);
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(name ?? ""))).toEqual([]);
  });

  it("puts nothing that others write into a shell line", () => {
    expect(steps.filter(({ run = "" }) => run.includes("${{"))).toEqual([]);
  });

  it("the changelog has a section for this version", () => {
    const changelog = readFileSync(new URL("CHANGELOG.md", root), "utf8");
    expect(changelog).toContain(`## [${own.version}]`);
  });
});
