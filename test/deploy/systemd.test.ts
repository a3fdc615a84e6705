// The unit against systemd itself: unknown keys, bad values, and how much of the machine the service can still reach.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const unit = readFileSync(new URL("../../deploy/systemd/openclaw-edge.service", import.meta.url), "utf8");
const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

/** Exposure on systemd's scale of 0 (closed) to 10; most services of a distribution are above 9. */
const EXPOSURE_MAX = 2;

/** What `systemd-analyze` says to a unit with this text; programs that are not installed here are replaced by one that is. */
function analyzed(verb: readonly string[], text: string): { readonly code: number; readonly said: string } {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-edge-unit-"));
  try {
    const file = join(folder, "openclaw-edge.service");
    writeFileSync(file, text.replaceAll("/usr/bin/node ", "/bin/true "));
    const { status, stdout, stderr } = spawnSync("systemd-analyze", [...verb, file], { encoding: "utf8" });
    return { code: status ?? -1, said: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the systemd unit", () => {
  it.runIf(hasSystemd)("is what systemd understands, without a warning about it", () => {
    const { said } = analyzed(["verify", "--man=no"], unit);
    expect(said.split("\n").filter((line) => line.includes("openclaw-edge"))).toEqual([]);
  });

  it.runIf(hasSystemd)("systemd names an unknown key", () => {
    const { said } = analyzed(["verify", "--man=no"], unit.replace("NoNewPrivileges=", "NoNewPrivilegs="));
    expect(said).toContain("NoNewPrivilegs");
  });

  it.runIf(hasSystemd)("leaves the service little to reach", () => {
    const { said } = analyzed(["security", "--offline=true"], unit);
    const exposure = Number(/Overall exposure level[^:]*: ([\d.]+)/.exec(said)?.[1]);
    expect(exposure, said).toBeLessThanOrEqual(EXPOSURE_MAX);
  });

  it("gives a drain its time, reloads by SIGHUP, and does not repeat what cannot start", () => {
    expect(unit).toMatch(/^TimeoutStopSec=4\d$/m);
    expect(unit).toMatch(/^ExecReload=.*HUP/m);
    expect(unit).toMatch(/^RestartPreventExitStatus=78$/m);
  });
});
