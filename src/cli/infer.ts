// `openclaw-edge infer model run`: one prompt to one model, by a gateway or without one. Sends the prompt and nothing else: no history,
// no system text, no tools. Flags, document and text are OpenClaw's.
import type { Json, JsonObject } from "../core/json.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { answerText, refusalText } from "./answer-text.ts";
import type { Attempted } from "./attempted.ts";
import { type Command, EXIT, type Terminal, UsageError } from "./command.ts";
import { failureExit, statusExit } from "./failure-exit.ts";
import { askGateway, isUnreached } from "./gateway-client.ts";
import { placeOf } from "./gateway-place.ts";
import { imagePart, type ImagePart } from "./image-part.ts";
import { LOAD_OPTIONS, loadOrTell } from "./load.ts";
import { type Given, JSON_OPTION } from "./options.ts";
import { print } from "./print.ts";
import type { Loaded } from "../config/load-snapshot.ts";
import { anyAgentsName, someAgentIn } from "./usual-agent.ts";

const GATEWAY_MS = 120_000;

/** What came of it; `exit` is not printed. */
interface Outcome {
  readonly exit: number;
  readonly provider: string;
  readonly model: string;
  readonly attempts: readonly Attempted[];
  readonly text: string;
  /** Null when there is an answer. */
  readonly error: string | null;
}

/** Everything that is sent. */
interface Prompt {
  readonly model: string | null;
  readonly text: string;
  readonly images: readonly ImagePart[];
}

/** Runs one prompt. A gateway that is down is an error: nothing falls back to the local way by itself. */
export const infer: Command = {
  operands: [],
  options: {
    prompt: { type: "string", value: "TEXT", about: "What to say. A usual one: Reply with exactly: pong" },
    model: { type: "string", value: "REF", about: "provider/model or an alias; else the default chain." },
    file: { type: "string", multiple: true, value: "IMAGE", about: "An image to send along; may be repeated." },
    local: { type: "boolean", about: "From this process, without a gateway (the default)." },
    gateway: { type: "boolean", about: "By the running gateway: its routing, its keys." },
    ...LOAD_OPTIONS,
    url: { type: "string", value: "URL", about: "With --gateway: another gateway than the one of the config." },
    ...JSON_OPTION,
  },
  async run(given, terminal) {
    const prompt = await promptOf(given, terminal);
    if (given.flag("local") && given.flag("gateway")) throw new UsageError("--local and --gateway exclude each other");
    const transport = given.flag("gateway") ? "gateway" : "local";
    const loaded = await loadOrTell(given, terminal);
    if (loaded === null) return EXIT.config;
    const outcome = await (transport === "gateway" ? byGateway(prompt, loaded, given) : locally(prompt, loaded));
    const { exit, provider, model, attempts, text, error } = outcome;
    if (error !== null) terminal.stderr.write(`openclaw-edge: ${error}\n`);
    const inputs = prompt.images.map(({ name, mimeType }) => ({ file: name, mimeType }));
    const document = {
      ok: error === null,
      capability: "model.run",
      transport,
      provider,
      model,
      attempts,
      outputs: error === null ? [{ text, mediaUrl: null }] : [],
      ...(inputs.length > 0 && { inputs }),
      ...(error !== null && { error }),
    };
    await print(document, { given, terminal }, () => (error === null ? textOf(transport, outcome) : ""));
    return exit;
  },
};

async function promptOf(given: Given, { cwd }: Terminal): Promise<Prompt> {
  const text = given.text("prompt") ?? "";
  if (text.trim() === "") throw new UsageError("--prompt needs a text that is not blank");
  const images = await Promise.all(given.list("file").map((path) => imagePart(path, cwd)));
  return { model: given.text("model"), text, images };
}

function textOf(transport: string, { provider, model, text }: Outcome): string {
  return `model.run via ${transport}\nprovider: ${provider}\nmodel: ${model}\noutputs: 1\n${text}\n`;
}

/** The whole request. Where a model is named, any agent will do. */
function bodyOf({ model, text, images }: Prompt, snapshot: Snapshot): JsonObject {
  const parts: Json = [{ type: "text", text }, ...images.map(({ part }) => part)];
  const name = model === null ? "openclaw" : anyAgentsName(snapshot, model);
  return { model: name, messages: [{ role: "user", content: images.length === 0 ? text : parts }] };
}

async function locally(prompt: Prompt, { snapshot }: Loaded): Promise<Outcome> {
  const { DirectCorridor } = await import("./direct.ts");
  const corridor = new DirectCorridor(snapshot);
  const timeoutMs = someAgentIn(snapshot)?.deadlineMs ?? GATEWAY_MS;
  const answer = await corridor.ask({ snapshot, model: prompt.model, timeoutMs, body: bodyOf(prompt, snapshot) });
  await corridor.close();
  const { attempts, failure, served } = answer;
  const text = answerText(answer.body);
  const at = { ...targetWords(served ?? prompt.model ?? ""), attempts, text };
  if (failure !== null) {
    const last = attempts.at(-1);
    const error = last === undefined ? failure.message : `${last.provider}/${last.model}: ${last.error}`;
    return { ...at, exit: failureExit(failure), error };
  }
  return spoken(at);
}

async function byGateway(prompt: Prompt, loaded: Loaded, given: Given): Promise<Outcome> {
  const headers = prompt.model === null ? {} : { "x-openclaw-model": prompt.model };
  const question = {
    path: "/v1/chat/completions",
    body: bodyOf(prompt, loaded.snapshot),
    headers,
    timeoutMs: GATEWAY_MS,
  };
  const place = placeOf(loaded, given);
  const answer = await askGateway(place, question);
  const nobody = { ...targetWords(prompt.model ?? ""), attempts: [], text: "" };
  if (isUnreached(answer)) return { ...nobody, exit: answer.exit, error: answer.problem };
  const served = answer.headers["x-openclaw-served-by"];
  const at = {
    ...targetWords(typeof served === "string" ? served : (prompt.model ?? "")),
    attempts: [],
    text: answerText(answer.body),
  };
  if (answer.status === 200) return spoken(at);
  const error = `the gateway answered ${answer.status}: ${refusalText(answer, { place, snapshot: loaded.snapshot })}`;
  return { ...at, exit: statusExit(answer.status), error };
}

/** A model that says nothing has not answered. */
function spoken(at: Omit<Outcome, "exit" | "error">): Outcome {
  const isEmpty = at.text.trim() === "";
  return { ...at, exit: isEmpty ? EXIT.failed : EXIT.ok, error: isEmpty ? "the provider returned no text" : null };
}

function targetWords(id: string): { readonly provider: string; readonly model: string } {
  const slash = id.indexOf("/");
  return slash < 0 ? { provider: "", model: id } : { provider: id.slice(0, slash), model: id.slice(slash + 1) };
}
