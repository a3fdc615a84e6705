// Debian's Prometheus on a free loopback port, scraping one gateway as an operator's would, and promtool for what it can judge alone.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { Child } from "../support/child.ts";
import type { Edge } from "../support/edge.ts";

/** Between scrapes, and between evaluations of rules. */
const INTERVAL = "1s";

/** True where Prometheus is installed. */
export const hasPrometheus = ["prometheus", "promtool"].every((name) => spawnSync(name, ["--version"]).status === 0);

/** Runs promtool; its exit code and all that it said. */
export function promtool(...args: readonly string[]): { readonly code: number; readonly said: string } {
  const { status, stdout, stderr } = spawnSync("promtool", args, { encoding: "utf8" });
  return { code: status ?? -1, said: stdout + stderr };
}

interface QueryAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly result: readonly { readonly metric: Readonly<Record<string, string>> }[] };
}

/** A running Prometheus. */
export class Prometheus {
  readonly #child: Child;
  readonly #url: string;
  readonly #folder: string;

  private constructor(child: Child, { url, folder }: { readonly url: string; readonly folder: string }) {
    this.#child = child;
    this.#url = url;
    this.#folder = folder;
  }

  /** Starts one that scrapes this gateway with its token and evaluates the rules. */
  static async start(edge: Edge, rules: string): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), "openclaw-edge-prometheus-"));
    const file = join(folder, "prometheus.yml");
    const job = {
      job_name: "edge",
      metrics_path: "/api/diagnostics/prometheus",
      authorization: { credentials: edge.token },
      static_configs: [{ targets: [new URL(edge.url).host] }],
    };
    const global = { scrape_interval: INTERVAL, evaluation_interval: INTERVAL };
    writeFileSync(file, stringify({ global, rule_files: [rules], scrape_configs: [job] }));
    const storage = [`--storage.tsdb.path=${join(folder, "data")}`, "--web.listen-address=127.0.0.1:0"];
    const child = Child.start({ command: "prometheus", args: [`--config.file=${file}`, ...storage] });
    const [, address] = await child.line(/msg="Listening on" address=(127\.0\.0\.1:\d+)/);
    await child.line(/Server is ready to receive web requests/);
    return new Prometheus(child, { url: `http://${address}`, folder });
  }

  /** The label sets that an expression gives now. Throws what Prometheus says against it. */
  async query(expr: string): Promise<readonly Readonly<Record<string, string>>[]> {
    const { status, error, data } = await this.#get<QueryAnswer>(
      `/api/v1/query?${new URLSearchParams({ query: expr })}`,
    );
    if (status !== "success") throw new Error(`${expr}: ${error}`);
    return data.result.map(({ metric }) => metric);
  }

  /** Names of all families that the gateway declares, with or without samples. */
  async families(): Promise<readonly string[]> {
    const { data } = await this.#get<{ readonly data: Readonly<Record<string, unknown>> }>("/api/v1/metadata");
    return Object.keys(data);
  }

  async #get<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.#url}${path}`);
    return (await answer.json()) as T;
  }

  async stop(): Promise<void> {
    await this.#child.stop("SIGTERM");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
