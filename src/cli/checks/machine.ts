// The machine: the runtime, and how many files it may open.
import { openFilesMax } from "../open-files.ts";
import { type Check, fail, ok, warn } from "./finding.ts";

const NODE_MAJOR_MIN = 24;
/** Log, config, resolver, listeners and the like. */
const FILES_BESIDE = 100;

/** Node as this program needs it. */
export const nodeVersion: Check = async () => {
  const { node } = process.versions;
  return Number(node.split(".")[0]) >= NODE_MAJOR_MIN
    ? [ok("node", `Node ${node}`)]
    : [fail("node", `Node ${node} is too old`, `install Node ${NODE_MAJOR_MIN} or newer`)];
};

/** A request in flight holds two sockets: the client's and the provider's. */
export const openFiles: Check = async ({ loaded }) => {
  const most = openFilesMax();
  if (most === null) return [ok("ulimit", "unknown on this system")];
  const inflight = loaded?.snapshot.limits.inflight ?? 0;
  const needed = 2 * inflight + FILES_BESIDE;
  if (most >= needed) return [ok("ulimit", `${most === Infinity ? "unlimited" : most} open files`)];
  const fix = `ulimit -n ${needed} (LimitNOFILE= in a systemd unit), or lower edge.limits.inflight`;
  return [warn("ulimit", `${most} open files are fewer than ${inflight} requests in flight need (${needed})`, fix)];
};
