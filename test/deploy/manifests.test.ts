// The manifests as a cluster would get them: rendered by kustomize, judged by the API's schemas and types, and by what they promise each other.
import { readFileSync } from "node:fs";
import { evaluate, parse } from "@humanwhocodes/momoa";
import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { IService } from "kubernetes-models/v1/Service";
import { describe, expect, it } from "vitest";
import { canRender, type Manifest, rendered, schemaComplaint, typeComplaints } from "./manifests.ts";

const FOLDERS = ["base", "front-door", "sidecar-example"].map((name) => `deploy/kustomize/${name}`);
const EVERYTHING = [...FOLDERS, "deploy/monitoring"];

interface OwnConfig {
  readonly edge: { readonly drain: { readonly preStopSeconds: number; readonly deadlineSeconds: number } };
}

function configOf(folder: string): OwnConfig {
  const text = readFileSync(new URL(`../../deploy/kustomize/${folder}/openclaw.json5`, import.meta.url), "utf8");
  return evaluate(parse(text, { mode: "json5" })) as unknown as OwnConfig;
}

const deploymentOf = (folder: string): IDeployment => one(rendered(folder), "Deployment") as unknown as IDeployment;

function one(manifests: readonly Manifest[], kind: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind);
  expect(found.map(({ metadata }) => metadata.name)).toHaveLength(1);
  return found[0]!;
}

describe.runIf(canRender)("manifests", () => {
  it.each(EVERYTHING)("%s holds what the API's schemas allow", async (folder) => {
    for (const manifest of rendered(folder)) {
      expect(await schemaComplaint(manifest), `${manifest.kind} ${manifest.metadata.name}`).toBe(null);
    }
  });

  it.each(EVERYTHING)("%s holds no key that the API does not know", (folder) => {
    expect(typeComplaints(rendered(folder))).toEqual([]);
  });

  it.each([
    ["an unknown key of a container", "readinesProbe", { readinesProbe: {} }],
    ["an unknown key deep inside", "slep", { lifecycle: { preStop: { slep: { seconds: 5 } } } }],
    ["a text in the place of a number", "containerPort", { ports: [{ containerPort: "http" }] }],
  ])("the judges catch %s", (_what, word, mistake) => {
    const manifest = structuredClone(one(rendered("deploy/kustomize/base"), "Deployment")) as unknown as IDeployment;
    Object.assign(manifest.spec!.template.spec!.containers[0]!, mistake);
    expect(typeComplaints([manifest as unknown as Manifest]).join("\n")).toMatch(
      word === "containerPort" ? /string/ : word,
    );
  });

  it.each(FOLDERS)("%s mounts the config and the secrets as folders, so that edits arrive", (folder) => {
    const pod = deploymentOf(folder).spec!.template.spec!;
    const all = [...pod.containers, ...(pod.initContainers ?? [])];
    const gateway = all.find(({ name }) => name === "openclaw-edge")!;
    expect(gateway.volumeMounts?.map(({ mountPath }) => mountPath)).toEqual([
      "/etc/openclaw-edge",
      "/run/secrets/openclaw-edge",
    ]);
    expect(gateway.volumeMounts?.every(({ subPath, readOnly }) => subPath === undefined && readOnly === true)).toBe(
      true,
    );
    expect(one(rendered(folder), "ConfigMap").metadata.name).toBe("openclaw-edge");
  });

  it.each(FOLDERS)("%s runs as nobody, read-only, without capabilities", (folder) => {
    const pod = deploymentOf(folder).spec!.template.spec!;
    const gateway = [...pod.containers, ...(pod.initContainers ?? [])].find(({ name }) => name === "openclaw-edge")!;
    expect({ ...pod.securityContext, ...gateway.securityContext }).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 65_532,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    });
  });

  it("a pod of the front door is given the time that its drain takes", () => {
    const { preStopSeconds, deadlineSeconds } = configOf("base").edge.drain;
    const pod = deploymentOf("deploy/kustomize/front-door").spec!.template.spec!;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(preStopSeconds + deadlineSeconds + 10);
  });

  it("every port that somebody names is a port of the container", () => {
    const manifests = rendered("deploy/kustomize/front-door");
    const container = deploymentOf("deploy/kustomize/front-door").spec!.template.spec!.containers[0]!;
    const named = [...JSON.stringify(manifests).matchAll(/"(?:targetPort|port)":"(\w+)"/g)].map(([, name]) => name);
    expect(container.ports?.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
    expect((one(manifests, "Service") as unknown as IService).spec?.ports?.[0]?.targetPort).toBe("http");
  });

  it("the HPA owns the number of replicas, and the budget leaves room for a drain", () => {
    const manifests = rendered("deploy/kustomize/front-door");
    expect(deploymentOf("deploy/kustomize/front-door").spec).not.toHaveProperty("replicas");
    expect(one(manifests, "HorizontalPodAutoscaler")["spec"]).toMatchObject({
      minReplicas: 2,
      scaleTargetRef: { name: "openclaw-edge" },
    });
    expect(one(manifests, "PodDisruptionBudget")["spec"]).toMatchObject({ maxUnavailable: 1 });
  });

  it("the sidecar is native, and only it reads the secrets", () => {
    const pod = deploymentOf("deploy/kustomize/sidecar-example").spec!.template.spec!;
    expect(pod.initContainers).toMatchObject([{ name: "openclaw-edge", restartPolicy: "Always" }]);
    expect(pod.containers.flatMap(({ volumeMounts }) => volumeMounts ?? []).map(({ name }) => name)).toEqual(["data"]);
  });
});
