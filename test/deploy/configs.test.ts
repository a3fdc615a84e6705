// The gateway's own config in every recipe: what `config validate` says to it once its secrets are there.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runCommand } from "../support/edge.ts";

const root = new URL("../../deploy/", import.meta.url);
const home = mkdtempSync(join(tmpdir(), "openclaw-edge-recipes-"));
const secrets = join(home, "secrets.json");
writeFileSync(secrets, '{"gatewayToken":"recipe-test-token-0123456789abcdef","openrouter":"sk-or-not-a-key"}', {
  mode: 0o600,
});
afterAll(() => rmSync(home, { recursive: true }));

/** The file with its mounted secrets where a test may write. */
const configOf = (name: string): string =>
  readFileSync(new URL(name, root), "utf8").replace("/run/secrets/openclaw-edge/secrets.json", secrets);

describe("configs of the recipes", () => {
  it.each([
    ["kustomize/base/openclaw.json5", {}],
    ["kustomize/sidecar/openclaw.json5", {}],
    ["compose/config/openclaw.json", { OPENROUTER_API_KEY: "sk-or-not-a-key" }],
  ])("%s is valid", async (name, env) => {
    const { code, stdout, stderr } = await runCommand(["config", "validate", "{config}"], {
      config: configOf(name),
      env,
    });
    expect({ code, said: stdout + stderr }).toMatchObject({ code: 0 });
  });
});
