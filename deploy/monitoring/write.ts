// Writes what is made from tables: the dashboard from panels.ts, the operator's PrometheusRule from rules.yaml. `--check` writes nothing
// and fails when a file is not what it should be.
import { readFileSync, writeFileSync } from "node:fs";
import { argv, exit, stderr } from "node:process";
import { parse, stringify } from "yaml";
import { dashboard } from "./dashboard.ts";

const at = (name: string): URL => new URL(name, import.meta.url);

function prometheusRule(): string {
  const spec: unknown = parse(readFileSync(at("rules.yaml"), "utf8"));
  const head = "# Made from rules.yaml by write.ts, for the Prometheus operator.\n";
  const metadata = { name: "openclaw-edge", labels: { "app.kubernetes.io/name": "openclaw-edge" } };
  const rule = { apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata, spec };
  return head + stringify(rule, { lineWidth: 0 });
}

const made: Readonly<Record<string, string>> = {
  "dashboard.json": `${JSON.stringify(dashboard(), null, 2)}\n`,
  "prometheus-rule.yaml": prometheusRule(),
};

const stale = Object.entries(made).filter(([name, text]) => readOrNull(name) !== text);
if (argv.includes("--check")) {
  for (const [name] of stale) stderr.write(`${name} is not what its table says: node deploy/monitoring/write.ts\n`);
  exit(stale.length === 0 ? 0 : 1);
}
for (const [name, text] of stale) writeFileSync(at(name), text);

function readOrNull(name: string): string | null {
  try {
    return readFileSync(at(name), "utf8");
  } catch {
    return null;
  }
}
