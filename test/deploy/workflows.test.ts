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
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly needs?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly steps: readonly Step[];
}

const root = new URL("../../", import.meta.url);
const text = readFileSync(new URL(".github/workflows/release.yml", root), "utf8");
const workflow = parse(text) as Workflow;
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
const linesOf = (job: Job | undefined): string[] =>
  (job?.steps ?? []).flatMap(({ run }) => run?.trim().split("\n") ?? []);
const actionsOf = (job: Job | undefined): string[] =>
  (job?.steps ?? []).flatMap(({ uses = "" }) => uses.split("@")[0] || []);
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
    const rights = Object.fromEntries(
      Object.entries(workflow.jobs).map(([name, { permissions }]) => [name, permissions]),
    );
    expect(rights).toEqual({
      package: { contents: "read" },
      publish: { contents: "write", "id-token": "write" },
      image: { contents: "read", packages: "write" },
    });
    expect(text).toContain("--provenance");
    expect(text).not.toContain("secrets.");
  });

  it("runs what dependencies bring only where no right is: the identity's job takes the finished files and sends them off", () => {
    const { package: built, publish, image } = workflow.jobs;
    expect(linesOf(built)).toEqual(expect.arrayContaining(["npm run check", "npm test", "npm run test:package"]));
    expect(actionsOf(built).at(-1)).toBe("actions/upload-artifact");
    expect([publish?.needs, publish?.environment, image?.needs]).toEqual(["package", "npm", "publish"]);
    expect(actionsOf(publish)).toEqual(["actions/setup-node", "actions/download-artifact"]);
    // Two commands, of npm and of GitHub, both there already; no checkout, so nothing else of ours can be run.
    expect(linesOf(publish).map((line) => /^\w+ \w+/.exec(line)?.[0])).toEqual(["npm publish", "gh release"]);
    expect(linesOf(publish)[0]).toContain("--ignore-scripts");
    // The image is built in containers; on the machine itself nothing is installed.
    expect(linesOf(image).filter((line) => /npm|npx|node/.test(line))).toEqual([]);
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
