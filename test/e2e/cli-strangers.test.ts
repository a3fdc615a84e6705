// A provider, a gateway elsewhere or a catalogue may say anything; shown in a terminal as it stands, its words cleared the screen.
import { afterAll, beforeAll, expect, it } from "vitest";
import { errorBody } from "../support/answers.ts";
import * as play from "../support/behaviours.ts";
import { CliRoom } from "../support/cli.ts";
import { type Provider, startProvider } from "../support/provider.ts";

const room = new CliRoom();
let provider: Provider;

const SLY = "no\u001B[2J\u0007\n\u009B31m\u202Ered";
const CONFIG = "--config sly.json";

beforeAll(async () => {
  provider = await startProvider();
  for (const model of ["sly", "openclaw"]) provider.on(model, play.status(400, errorBody(SLY)));
  room.file("sly.json", {
    gateway: { auth: { mode: "none" } },
    models: { mode: "replace", providers: { lab: { baseUrl: provider.url, models: [{ id: "sly" }] } } },
    agents: { defaults: { model: "lab/sly" } },
  });
});
afterAll(async () => {
  await provider.close();
  room.remove();
});

it.each([
  ["infer model run --prompt hi", `infer model run --prompt hi ${CONFIG}`],
  ["infer model run --gateway", `infer model run --gateway --url {url} --prompt hi ${CONFIG}`],
  ["bench", `bench --duration 1 --url {url} ${CONFIG}`],
  ["models status --probe", `models status --probe ${CONFIG}`],
  ["doctor --model", `doctor --model lab/sly ${CONFIG}`],
])("%s shows it in one line that moves no cursor", async (_what, line) => {
  const { origin } = new URL(provider.url);
  const { stdout, stderr } = await room.run(line.replace("{url}", origin));
  expect(stdout + stderr).toMatch(/no \[2J 31m red/);
  expect((stdout + stderr).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});
