// Defaults of the door that no row of the matrix plays: heads of answers, the image, the package, the runtime. Numbers as in
// security-defaults.ts.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeFault } from "../../src/cli/node-floor.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { mockConfig } from "../support/edge-config.ts";

const CALL = { messages: [{ role: "user", content: "hi" }] };
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

describe("answers", () => {
  /** Nobody may add to it, and `__proto__` is gone: the product leans on neither. Frozen, it would break a library that names its own toString. */
  const closed = `--disable-proto=delete --import=data:text/javascript,${encodeURIComponent("Object.preventExtensions(Object.prototype);")}`;
  let edge: Edge;
  beforeAll(async () => {
    edge = await startEdge({ config: mockConfig(), env: { NODE_OPTIONS: closed } });
  }, 90_000);
  afterAll(async () => {
    await edge.stop();
  });

  it.each([
    ["a whole answer", false],
    ["a stream", true],
  ])("of a process whose Object.prototype is closed are as ever: %s (48)", async (_what, stream) => {
    const response = await edge.post("/v1/chat/completions", { ...CALL, stream });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(stream ? "[DONE]" : '"choices"');
  });

  it("come behind a line that names what the environment told the runtime (42)", () => {
    const told = edge.logs.find(({ msg }) => msg === "NODE_OPTIONS is set");
    expect(told).toMatchObject({ options: ["--disable-proto", "--import"] });
  });

  it.each([
    ["whole", "POST", false, "no-store"],
    ["streamed", "POST", true, "no-cache, no-transform"],
  ] as const)("that are %s say nosniff and are not kept (18)", async (_what, _method, stream, cache) => {
    const { headers, body } = await edge.post("/v1/chat/completions", { ...CALL, stream });
    await body?.cancel();
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toContain(cache);
  });

  it("keep an idle connection for 65 s and say so (22)", async () => {
    expect((await edge.get("/healthz")).headers.get("keep-alive")).toBe("timeout=65");
  });

  it.each(["/healthz", "/v1/models", "/nothing"])("of %s name no server (19)", async (path) => {
    const { headers } = await edge.get(path);
    expect([headers.get("server"), headers.get("x-powered-by")]).toEqual([null, null]);
  });
});

describe("the image", () => {
  it("runs as nobody and brings no shell command of its own (42)", () => {
    const dockerfile = read("deploy/Dockerfile");
    expect(dockerfile).toMatch(/^USER 65532:65532$/m);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["node",/m);
  });

  it.each(["deploy/kustomize/base/deployment.yaml", "deploy/kustomize/sidecar/sidecar.yaml"])(
    "%s: a read-only root, no capability, the default seccomp profile (42)",
    (path) => {
      const text = read(path);
      expect(text).toContain("readOnlyRootFilesystem: true");
      expect(text).toContain('capabilities: { drop: ["ALL"] }');
      expect(text).toContain("allowPrivilegeEscalation: false");
    },
  );

  it("writes no heap snapshot and no report (47)", () => {
    for (const path of ["deploy/Dockerfile", "deploy/kustomize/base/deployment.yaml"]) {
      expect(read(path)).not.toMatch(/heap(?:dump|snapshot)|--report-|--abort-on-uncaught/);
    }
    expect(read("src/main.ts")).not.toContain("writeHeapSnapshot");
  });

  it("is not the only one whose memory stays in memory: the system unit allows no core dump (47)", () => {
    expect(read("deploy/systemd/openclaw-edge.service")).toMatch(/^LimitCORE=0$/m);
  });
});

describe("the package", () => {
  const { dependencies, devDependencies, scripts } = JSON.parse(read("package.json")) as {
    readonly dependencies: Readonly<Record<string, string>>;
    readonly devDependencies: Readonly<Record<string, string>>;
    readonly scripts: Readonly<Record<string, string>>;
  };

  it("pins every version exactly (44)", () => {
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^(?:npm:@?[\w./-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it("runs nothing when it is installed (44)", () => {
    expect(Object.keys(scripts).filter((name) => /^(?:pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  });
});

describe("the runtime", () => {
  it.each([
    ["22.22.0", false],
    ["24.16.9", false],
    ["24.17.0", true],
    ["26.0.0", true],
  ])("%s serves: %s (43)", (version, serves) => {
    expect(nodeFault(version) === null).toBe(serves);
  });
});
