// Where health is asked: of a door with a certificate that it made itself it was asked without TLS, so that its container was never well.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { Terminal } from "../../../src/cli/command.ts";
import { readOptions } from "../../../src/cli/options.ts";
import { placeFromFile } from "../../../src/cli/place-from-file.ts";

const home = mkdtempSync(join(tmpdir(), "edge-place-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

it("asks by https where the certificate is made by the gateway, and knows that certificate", async () => {
  const folder = join(home, "gateway", "tls");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "gateway-cert.pem"), "the certificate");
  writeFileSync(join(home, "openclaw.json"), "{ gateway: { port: 4, tls: { enabled: true, autoGenerate: true } } }");
  const terminal = { env: { OPENCLAW_STATE_DIR: home }, cwd: home, home } as unknown as Terminal;
  const { url, certificate } = await placeFromFile(readOptions([], {}), terminal);
  expect([url.origin, certificate]).toEqual(["https://127.0.0.1:4", "the certificate"]);
});
