// Whose process ids are ours: a gateway in a container tells an id that means another process out here.
import { readFileSync, readlinkSync } from "node:fs";
import { hash } from "node:crypto";

/** Same text, same processes by the same ids: the running kernel and its namespace of ids. Null where the system does not tell. */
export function pidSpace(): string | null {
  try {
    const kernel = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return hash("sha256", `${kernel} ${readlinkSync("/proc/self/ns/pid")}`).slice(0, 16);
  } catch {
    return null;
  }
}
