// What a person sees at start: five lines that say what is served, from where, by whom, behind what, and the line to try.
import type { Snapshot } from "../core/snapshot.ts";
import { anyAgentsName } from "./usual-agent.ts";

/** What the banner tells. */
export interface BannerFacts {
  readonly version: string;
  readonly snapshot: Snapshot;
  /** `http://127.0.0.1:18789`. */
  readonly url: string;
  /** What the embedded default found; null for a file. */
  readonly found: string | null;
  /** To be shown once; null when the operator has a token or needs none. */
  readonly generatedToken: string | null;
}

const AGENTS_SHOWN_MAX = 4;

/** The five lines. */
export function banner({ version, snapshot, url, found, generatedToken }: BannerFacts): string {
  const { auth, endpoints } = snapshot.gateway;
  const served = Object.entries(endpoints)
    .filter(([, isOn]) => isOn)
    .map(([name]) => name);
  const lines = [
    `openclaw-edge ${version}   ${url}/v1   (${served.join(", ")})`,
    `config   ${snapshot.source}${found === null ? "" : `: ${found}`}`,
    `agents   ${agentsOf(snapshot)}`,
    `auth     ${authWords(auth.mode, generatedToken)}`,
    `try      ${curlLine({ url, snapshot, generatedToken })}`,
  ];
  return `${lines.join("\n")}\n`;
}

function agentsOf(snapshot: Snapshot): string {
  const all = [...snapshot.agents.values()].map(({ id, chain }) => {
    const targets = chain.map((target) =>
      target.unavailable === null ? target.id : `${target.id} (${target.unavailable})`,
    );
    return `openclaw/${id} → ${targets.length === 0 ? "nothing configured" : targets.join(" → ")}`;
  });
  const more = all.length > AGENTS_SHOWN_MAX ? [`and ${all.length - AGENTS_SHOWN_MAX} more`] : [];
  return [...all.slice(0, AGENTS_SHOWN_MAX), ...more].join("; ");
}

function authWords(mode: string, generated: string | null): string {
  if (generated !== null) return `token ${generated}   (made up for this run; set OPENCLAW_GATEWAY_TOKEN to keep one)`;
  return mode === "none" ? "none (this machine only)" : mode;
}

function curlLine({ url, snapshot, generatedToken: generated }: Omit<BannerFacts, "version" | "found">): string {
  const { mode } = snapshot.gateway.auth;
  const secret = mode === "password" ? "$OPENCLAW_GATEWAY_PASSWORD" : (generated ?? "$OPENCLAW_GATEWAY_TOKEN");
  const key = mode === "none" || mode === "trusted-proxy" ? "" : ` -H "authorization: Bearer ${secret}"`;
  const body = `{"model":"${anyAgentsName(snapshot)}","stream":true,"messages":[{"role":"user","content":"Hello there!"}]}`;
  return `curl -N ${url}/v1/chat/completions${key} -H 'content-type: application/json' -d '${body}'`;
}
