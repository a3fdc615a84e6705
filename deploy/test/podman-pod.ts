// Makes of the rendered sidecar example a Pod that podman can play: the gateway's container as the manifest has it, beside a stand-in for
// the application. What podman 4 cannot do is taken out and nothing else: native sidecars, probes by http, kubelet's refresh of volumes.
//   kubectl kustomize deploy/kustomize/sidecar-example | node deploy/test/podman-pod.ts IMAGE FOLDER
import { argv, stdin, stdout } from "node:process";
import { text } from "node:stream/consumers";
import { parseAllDocuments, stringify } from "yaml";
import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";

const [image, folder] = argv.slice(2);
if (image === undefined || folder === undefined) throw new Error("usage: podman-pod.ts IMAGE FOLDER");

const documents = parseAllDocuments(await text(stdin)).map((document): unknown => document.toJS());
const template = documents.find(isDeployment)?.spec?.template.spec;
const sidecar = template?.initContainers?.find(({ restartPolicy }) => restartPolicy === "Always");
if (template === undefined || sidecar === undefined) throw new Error("no Deployment with a native sidecar on stdin");

const { startupProbe: _s, readinessProbe: _r, livenessProbe: _l, restartPolicy: _a, ...container } = sidecar;
const mounted = new Set(sidecar.volumeMounts?.map(({ name }) => name));
const volumes = template.volumes?.filter(({ name }) => mounted.has(name)) ?? [];

stdout.write(
  stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "edge" },
    spec: {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 30,
      containers: [
        { ...container, name: "sidecar", image },
        { name: "application", image, command: ["node", "-e", "setInterval(() => {}, 1e6)"] },
      ],
      volumes: volumes.map(({ name, configMap }) => ({
        name,
        hostPath: { path: `${folder}/${configMap === undefined ? "secret" : "config"}`, type: "Directory" },
      })),
    },
  }),
);

function isDeployment(document: unknown): document is IDeployment {
  return typeof document === "object" && document !== null && "kind" in document && document.kind === "Deployment";
}
