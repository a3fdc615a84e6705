import { describe, expect, it } from "vitest";
import { locateConfig } from "../../../src/config/locate.ts";
import { choosePort } from "../../../src/config/port.ts";

const HOME = "/home/ada";
const CWD = "/work";

describe("where the config is", () => {
  it.each<[string, string | null, Record<string, string>, string, string | null]>([
    ["nothing named: the state folder of the home", null, {}, "/home/ada/.openclaw/openclaw.json", null],
    ["OPENCLAW_HOME", null, { OPENCLAW_HOME: "/srv/oc" }, "/srv/oc/.openclaw/openclaw.json", null],
    ["OPENCLAW_STATE_DIR", null, { OPENCLAW_STATE_DIR: "/var/oc" }, "/var/oc/openclaw.json", null],
    [
      "OPENCLAW_STATE_DIR wins over OPENCLAW_HOME",
      null,
      { OPENCLAW_STATE_DIR: "/v", OPENCLAW_HOME: "/h" },
      "/v/openclaw.json",
      null,
    ],
    [
      "OPENCLAW_CONFIG_PATH wins over both",
      null,
      { OPENCLAW_CONFIG_PATH: "/c.json", OPENCLAW_STATE_DIR: "/v" },
      "/c.json",
      "OPENCLAW_CONFIG_PATH",
    ],
    ["--config wins over everything", "x.json5", { OPENCLAW_CONFIG_PATH: "/c.json" }, "/work/x.json5", "--config"],
    ["a home sign in the argument", "~/c.json", {}, "/home/ada/c.json", "--config"],
    ["a home sign means OPENCLAW_HOME", "~/c.json", { OPENCLAW_HOME: "/h" }, "/h/c.json", "--config"],
    ["a relative state folder", null, { OPENCLAW_STATE_DIR: "state" }, "/work/state/openclaw.json", null],
    [
      "blank names count as none",
      " ",
      { OPENCLAW_CONFIG_PATH: "", OPENCLAW_STATE_DIR: "  " },
      "/home/ada/.openclaw/openclaw.json",
      null,
    ],
  ])("%s", (_sentence, argument, env, path, namedBy) => {
    expect(locateConfig({ argument, env, cwd: CWD, home: HOME })).toMatchObject({ path, namedBy });
  });

  it("tells the state folder also when the file lies elsewhere", () => {
    const env = { OPENCLAW_CONFIG_PATH: "/c.json", OPENCLAW_STATE_DIR: "~/s" };
    expect(locateConfig({ argument: null, env, cwd: CWD, home: HOME }).stateDir).toBe("/home/ada/s");
  });
});

describe("which port", () => {
  it.each<[string, string | null, Record<string, string>, number]>([
    ["the file's", null, {}, 18789],
    ["the variable's before the file's", null, { OPENCLAW_GATEWAY_PORT: "8080" }, 8080],
    ["the argument's before the variable's", "9090", { OPENCLAW_GATEWAY_PORT: "8080" }, 9090],
    ["0 takes a free one", "0", {}, 0],
    ["a blank variable counts as none", null, { OPENCLAW_GATEWAY_PORT: " " }, 18789],
    ["a bad variable does not matter under an argument", "9090", { OPENCLAW_GATEWAY_PORT: "x" }, 9090],
  ])("%s", (_sentence, argument, env, port) => {
    expect(choosePort({ argument, env, configured: 18789 })).toBe(port);
  });

  it.each<[string | null, Record<string, string>, string]>([
    ["70000", {}, "--port"],
    ["", {}, "--port"],
    ["-1", {}, "--port"],
    [null, { OPENCLAW_GATEWAY_PORT: "80a" }, "OPENCLAW_GATEWAY_PORT"],
  ])("refuses %j %j", (argument, env, path) => {
    expect(choosePort({ argument, env, configured: 18789 })).toMatchObject({ severity: "error", path });
  });
});
