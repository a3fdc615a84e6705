// Starting and watching a product, tried on a stand-in that behaves as the real one promises to.
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { EDGE_TOKEN, runCommand, startEdge } from "./edge.ts";

const folder = mkdtempSync(join(tmpdir(), "stand-in-"));
afterAll(() => rm(folder, { recursive: true }));

function standIn(name: string, code: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, code);
  return path;
}

const SERVER = standIn(
  "server",
  `import { createServer } from "node:http";
   import { existsSync } from "node:fs";
   let asked = 0;
   const say = (line) => console.log(JSON.stringify(line));
   const server = createServer((request, response) => {
     if (request.url === "/readyz") asked += 1;
     say({ msg: "asked", url: request.url, authorization: request.headers.authorization ?? null });
     response.writeHead(asked > 2 ? 200 : 503).end(JSON.stringify({ argv: process.argv.slice(2), env: process.env }));
   }).listen(0, "127.0.0.1", () => console.log("listening on http://127.0.0.1:" + server.address().port + " now"));
   process.on("SIGTERM", () => process.exit(existsSync(process.argv[4]) ? 0 : 9));`,
);

describe("a started edge", () => {
  it("is ready, knows its own address, config and token, and ends with its exit code", async () => {
    const edge = await startEdge({
      config: { a: 1 },
      env: { EXTRA: "1", NO_COLOR: null },
      args: ["--x"],
      entry: SERVER,
    });
    const answer = (await (await edge.get("/v1/models")).json()) as { argv: string[]; env: Record<string, string> };
    expect(answer.argv).toEqual(["serve", "--config", edge.configPath, "--port", "0", "--x"]);
    const keys = ["EXTRA", "HOME", "OPENCLAW_GATEWAY_TOKEN", "OPENCLAW_STATE_DIR", "PATH"];
    expect(Object.keys(answer.env).sort()).toEqual(keys);
    expect(answer.env["OPENCLAW_GATEWAY_TOKEN"]).toBe(EDGE_TOKEN);
    const line = await edge.logged(({ url }) => url === "/v1/models", "the line of the request");
    expect(line["authorization"]).toBe(`Bearer ${EDGE_TOKEN}`);
    expect(await edge.stop()).toBe(0);
  });

  it("that ends at once is an error with its words", async () => {
    const entry = standIn("refuses", `console.error("gateway.port: not a number"); process.exit(78);`);
    await expect(startEdge({ config: "{", entry })).rejects.toThrow(/ended with 78 .*not a number/s);
  });

  it("runs commands to their end", async () => {
    const entry = standIn("command", `console.log(process.argv.slice(2).join(" ")); process.exit(1);`);
    const { code, stdout } = await runCommand(["config", "validate", "{config}"], { config: "{}", entry });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^config validate \/.*openclaw\.json$/);
  });
});
