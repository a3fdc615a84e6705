// The machine: the runtime, and how many files it may open.
import { readFile } from "node:fs/promises";
import { type Check, fail, ok, warn } from "./finding.ts";

const NODE_MAJOR_MIN = 24;
/** Log, config, resolver, listeners and the like. */
const FILES_BESIDE = 100;
const LIMITS = "/proc/self/limits";

/** Node as this program needs it. */
export const nodeVersion: Check = async () => {
  const { node } = process.versions;
  return Number(node.split(".")[0]) >= NODE_MAJOR_MIN
    ? [ok("node", `Node ${node}`)]
    : [fail("node", `Node ${node} is too old`, `install Node ${NODE_MAJOR_MIN} or newer`)];
};

/** A request in flight holds two sockets: the client's and the provider's. */
export const openFiles: Check = async ({ loaded }) => {
  const text = await readFile(LIMITS, "utf8").catch(() => "");
  const written = /^Max open files\s+(\S+)/m.exec(text)?.[1];
  if (written === undefined) return [ok("ulimit", "unknown on this system")];
  const inflight = loaded?.snapshot.limits.inflight ?? 0;
  const needed = 2 * inflight + FILES_BESIDE;
  if (written === "unlimited" || Number(written) >= needed) return [ok("ulimit", `${written} open files`)];
  const fix = `ulimit -n ${needed} (LimitNOFILE= in a systemd unit), or lower edge.limits.inflight`;
  return [warn("ulimit", `${written} open files are fewer than ${inflight} requests in flight need (${needed})`, fix)];
};
