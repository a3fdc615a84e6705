// Defaults of the door that no row of the matrix plays: heads of answers, the image, the package, the runtime. Numbers as in
// security-defaults.ts.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { nodeFault } from "../../src/cli/node-floor.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { mockConfig } from "../support/edge-config.ts";
import { PROGRAM } from "../support/program.ts";

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

  it.each([
    // The list of models is asked for again and again: its reader may keep it, and has to ask whether it still holds.
    ["/v1/models", 200, "private, no-cache"],
    ["/healthz", 200, "no-store"],
    ["/nothing", 404, "no-store"],
    ["/v1/models/nobody", 404, "no-store"],
    ["/v1/chat/completions", 405, "no-store"],
  ])("of %s, which are %i, say nosniff, and who may keep them (18)", async (path, status, cache) => {
    const { headers, status: told } = await edge.get(path);
    const seen = [told, headers.get("x-content-type-options"), headers.get("cache-control")];
    expect(seen).toEqual([status, "nosniff", cache]);
  });

  it("keep an idle connection for 65 s and say so (22)", async () => {
    expect((await edge.get("/healthz")).headers.get("keep-alive")).toBe("timeout=65");
  });

  it.each(["/healthz", "/v1/models", "/nothing"])("of %s name no server (19)", async (path) => {
    const { headers } = await edge.get(path);
    expect([headers.get("server"), headers.get("x-powered-by")]).toEqual([null, null]);
  });
});

/** What a container is promised: of itself, or of the pod around it. */
const CONFINED = {
  runAsNonRoot: true,
  runAsUser: 65_532,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

interface Pod {
  readonly securityContext?: object;
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
}
interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly securityContext: object;
}

/** Instructions of the stage that becomes the image, without its first line. */
function instructionsOf(dockerfile: string): [instruction: string, rest: string][] {
  const stage = dockerfile.split(/^FROM .*\n/m).at(-1) ?? "";
  return stage
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.trim())
    .map((line) => [line.split(" ")[0] ?? "", line.slice(line.indexOf(" ") + 1)]);
}

describe("the image", () => {
  const instructions = instructionsOf(read("deploy/Dockerfile"));
  const allOf = (name: string): string[] => instructions.flatMap(([each, rest]) => (each === name ? [rest] : []));

  it("runs as nobody, starts Node without a shell, and takes the bundle and the licence, nothing else (42)", () => {
    expect(allOf("USER")).toEqual(["65532:65532"]);
    // In the other form, a text, a shell of the base image would be between.
    const started = [...allOf("ENTRYPOINT"), ...allOf("CMD").map((each) => each.replace(/^[^[]*/, ""))];
    expect(started.map((each) => (JSON.parse(each) as string[])[0])).toEqual(["node", "serve"]);
    expect(allOf("HEALTHCHECK").join()).toContain('CMD ["node",');
    expect(allOf("COPY")).toEqual(["--from=build /app /app", "LICENSE /app/LICENSE"]);
    expect(instructions.filter(([name]) => ["RUN", "ADD", "SHELL", "VOLUME"].includes(name))).toEqual([]);
  });

  it.each(["deploy/kustomize/base/deployment.yaml", "deploy/kustomize/sidecar/sidecar.yaml"])(
    "runs, by %s, with a read-only root, no capability and the runtime's own seccomp profile, by its own entry point (42)",
    (path) => {
      const { spec } = parse(read(path)) as { readonly spec: { readonly template: { readonly spec: Pod } } };
      const pod = spec.template.spec;
      const gateways = [...(pod.containers ?? []), ...(pod.initContainers ?? [])].filter(
        ({ name }) => name === "openclaw-edge",
      );
      expect(gateways).toHaveLength(1);
      expect(gateways[0]?.command).toBeUndefined();
      expect({ ...pod.securityContext, ...gateways[0]?.securityContext }).toMatchObject(CONFINED);
    },
  );

  it("runs, by compose, with a read-only root and no capability (42)", () => {
    const { services } = parse(read("deploy/compose/gateway.yaml")) as { readonly services: Record<string, object> };
    expect(services["openclaw-edge"]).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
    expect(services["openclaw-edge"]).not.toHaveProperty("entrypoint");
  });
});

describe("the image and the system unit", () => {
  const [, entry = "[]"] = /^ENTRYPOINT (.*)$/m.exec(read("deploy/Dockerfile")) ?? [];
  const [, line = ""] = /^ExecStart=(.*)$/m.exec(read("deploy/systemd/openclaw-edge.service")) ?? [];

  it.each([
    ["the image", JSON.parse(entry) as string[]],
    ["the unit", line.split(" ")],
  ])(
    "start Node without __proto__, and the program behind it gets its own options as ever: %s (48)",
    (_what, words) => {
      const at = words.findIndex((word) => word.endsWith("/cli.mjs"));
      const flags = words.slice(1, at);
      expect(flags).toEqual(["--disable-proto=delete"]);
      const asked = ["--print", "[typeof {}.__proto__, process.argv.at(-1)].join()", "--", "--bind=lan"];
      expect(execFileSync(process.execPath, [...flags, ...asked], { encoding: "utf8" }).trim()).toBe(
        "undefined,--bind=lan",
      );
      const own = [...flags, PROGRAM, "config", "schema", "--help"];
      expect(execFileSync(process.execPath, own, { encoding: "utf8" })).toContain("--write");
    },
  );
});

describe("memory", () => {
  /** Calls and options that write it to a file or open it to others. `runtime-check.ts` and `serve.ts` ask whether an inspector is open. */
  const TELLS =
    /heap-?(?:dump|snapshot)|writeReport|process\.report|--report-|--abort-on-uncaught|inspector"\)?\.open/i;
  const below = (folder: string): string[] =>
    readdirSync(new URL(`../../${folder}/`, import.meta.url), { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name));

  it.each(["src", "deploy"])("is written to no heap snapshot and no report by anything in %s (47)", (folder) => {
    const files = below(folder);
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => TELLS.test(readFileSync(file, "utf8")))).toEqual([]);
  });

  it("is not in core dumps: the system unit allows none (47)", () => {
    expect(read("deploy/systemd/openclaw-edge.service")).toMatch(/^LimitCORE=0$/m);
  });
});

describe("SECURITY.md", () => {
  const text = read("SECURITY.md").replaceAll(/\s+/g, " ");
  const part = (title: string): string => new RegExp(`## ${title} (.*?)(?= ## |$)`).exec(text)?.[1] ?? "";

  it("says how to report in private, and within how many days there is an answer, a verdict and a fix (45)", () => {
    expect(part("Reporting")).toMatch(/report privately: through "Report a vulnerability".* not in a public issue/);
    const days = [/an answer within (\d+) days/, /a verdict within (\d+)/, /a workaround .* within (\d+)/];
    const found = days.map((each) => Number(each.exec(part("Reporting"))?.[1]));
    expect(found).toEqual([3, 10, 30]);
  });

  it("takes both peers for hostile (45)", () => {
    expect(part("Threat model")).toMatch(/^Both peers are hostile\. A \*\*client\*\* .* A \*\*provider\*\* /);
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
