// Where the log file is.
import { describe, expect, it } from "vitest";
import { snapshotOf, withProvider } from "./compile-rig.ts";

describe("logging.file", () => {
  it.each<[sentence: string, written: string, env: Record<string, string>, file: string]>([
    ["stands as it is", "/var/log/edge.log", { HOME: "/home/a" }, "/var/log/edge.log"],
    ["`~` is the home folder", "~/edge.log", { HOME: "/home/a" }, "/home/a/edge.log"],
    ["which OPENCLAW_HOME names first", "~/edge.log", { HOME: "/home/a", OPENCLAW_HOME: "/srv/b" }, "/srv/b/edge.log"],
    ["whose own `~` is the user's", "~/x", { HOME: "/home/a", OPENCLAW_HOME: "~/claw" }, "/home/a/claw/x"],
    ["and on Windows USERPROFILE", "~\\edge.log", { USERPROFILE: "C:\\Users\\a" }, "C:\\Users\\a\\edge.log"],
    ["a home with a dollar in it is taken as it is", "~/x", { HOME: "/home/$&" }, "/home/$&/x"],
    ["without one it is a name like any other", "~/edge.log", {}, "~/edge.log"],
    ["so it is elsewhere, and behind a name", "logs/~/x~", { HOME: "/home/a" }, "logs/~/x~"],
  ])("%s", async (_sentence, written, env, file) => {
    const { logging } = await snapshotOf(withProvider({}, { logging: { file: written } }), { env });
    expect(logging.file).toBe(file);
  });
});
