// A container of 256 MB was ended by the system with 150 MB of bodies under way, within the bound of 256 MiB that held everywhere.
import { describe, expect, it } from "vitest";
import { partOf } from "../../../src/config/part.ts";
import { compileTree, read } from "./compile-rig.ts";

const MIB = 1_048_576;

/** Members of `edge`, and the bound of one endpoint's bodies. */
interface Written {
  readonly chatBytes?: number;
  readonly limits?: object;
  readonly workers?: number;
}

/** What the limits of a gateway are that may use so much memory. */
async function bytesInFlight(memoryBytes: number | null, { chatBytes, ...edge }: Written = {}): Promise<number> {
  const endpoints = chatBytes === undefined ? {} : { chatCompletions: { maxBodyBytes: chatBytes } };
  const tree = {
    models: { mode: "replace", providers: { mock: { api: "mock" } } },
    edge,
    gateway: { http: { endpoints } },
  };
  const { snapshot } = await compileTree(
    { ...tree, agents: { defaults: { model: "mock/echo" } } },
    { flags: { auth: "none" }, context: { memoryBytes } },
  );
  return snapshot?.limits.bytesInFlight ?? Number.NaN;
}

describe("what bodies may take together, where the file does not say", () => {
  it.each<[sentence: string, memory: number | null, edge: Written, bytes: number]>([
    ["is 256 MiB where only the machine limits memory", null, {}, 256 * MIB],
    ["is the same in a container with plenty", 4096 * MIB, {}, 256 * MIB],
    ["is a third of what a busy process leaves of a small one", 512 * MIB, {}, 112 * MIB],
    ["is no less than the largest body", 128 * MIB, {}, 20 * MIB],
    [
      "is no less than the largest body of an endpoint with its own bound",
      128 * MIB,
      { chatBytes: 50 * MIB },
      50 * MIB,
    ],
    [
      "is no less than a body that is larger than all that",
      4096 * MIB,
      { limits: { bodyBytes: 300 * MIB } },
      300 * MIB,
    ],
    ["is no less where only the machine limits memory", null, { chatBytes: 300 * MIB }, 300 * MIB],
    ["leaves room for the processes of workers, too", 1024 * MIB, { workers: 3 }, Math.floor((320 * MIB) / 3)],
    ["is what the file says where it says it", 256 * MIB, { limits: { bytesInFlight: 1000 } }, 1000],
  ])("%s", async (_sentence, memory, edge, bytes) => {
    expect(await bytesInFlight(memory, edge)).toBe(bytes);
  });

  it("is divided among the workers", () => {
    const { config } = read({ edge: { limits: { bodyBytes: 10, answerBytes: 10 } } });
    expect(partOf(config, { at: 0, of: 3 }, 1024 * MIB).limits.bytesInFlight).toBe(
      Math.ceil(Math.floor((320 * MIB) / 3) / 3),
    );
  });
});
