// Whether a file lies on a mount that its reader cannot have written: memory (Kubernetes and Docker secrets) or read-only.
// Linux only; elsewhere nothing is known and the answer is no.
import { readFile } from "node:fs/promises";

const MEMORY = new Set(["tmpfs", "ramfs"]);

interface Mount {
  readonly point: string;
  readonly guarded: boolean;
}

/** One line of /proc/self/mountinfo (proc_pid_mountinfo(5)): `id parent dev root point options … - type source super`. */
function mountOf(line: string): Mount | null {
  const [left = "", right = ""] = line.split(" - ");
  const fields = left.split(" ");
  const point = fields[4]?.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
  if (point === undefined) return null;
  const [type = "", , superOptions = ""] = right.split(" ");
  const readOnly = [fields[5] ?? "", superOptions].some((options) => options.split(",").includes("ro"));
  return { point, guarded: readOnly || MEMORY.has(type) };
}

/** True when the longest mount point above the path is memory or read-only. `table` is the text of mountinfo. */
export function onGuardedMount(path: string, table: string): boolean {
  let best: Mount | null = null;
  for (const line of table.split("\n")) {
    const mount = mountOf(line);
    if (mount === null) continue;
    const above = mount.point === "/" || path === mount.point || path.startsWith(`${mount.point}/`);
    // Later lines cover earlier ones with the same point.
    if (above && (best === null || mount.point.length >= best.point.length)) best = mount;
  }
  return best?.guarded ?? false;
}

/** The mounts of this process, or an empty text where there is no such table. */
export async function mountTable(): Promise<string> {
  return readFile("/proc/self/mountinfo", "utf8").catch(() => "");
}
