// Opens every place that references lead to, once each and a few at a time: files are read, programs are asked for all their ids.
import type { Environment } from "./environment.ts";
import type { FileMarks } from "./file-marks.ts";
import { withHome } from "./locate.ts";
import type { Config } from "./schema/root.ts";
import { type ExecPlace, runSecretCommand } from "./secret-exec.ts";
import { readSecretFile, type SecretFile } from "./secret-file.ts";
import { type ExecAnswer, secretAnswers, secretQuestion } from "./secret-protocol.ts";

/** What a place gave: the text of a file, or the answers of a program by id. */
export type OpenPlace = SecretFile | { readonly answers: ReadonlyMap<string, ExecAnswer> };

/** What to open, and with what. */
export interface Opening {
  readonly secrets: Config["secrets"];
  /** Alias to the ids that are wanted there. */
  readonly wanted: ReadonlyMap<string, ReadonlySet<string>>;
  readonly env: Environment;
  readonly marks: FileMarks | null;
}

/** Places by alias; those of source `env` and those that nobody defined are left out. */
export async function openPlaces(opening: Opening): Promise<ReadonlyMap<string, OpenPlace>> {
  const opened = new Map<string, OpenPlace>();
  const waiting = [...opening.wanted];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [alias, ids] = next;
      const place = await openPlace(alias, [...ids], opening);
      if (place !== null) opened.set(alias, place);
    }
  };
  await Promise.all(Array.from({ length: opening.secrets.resolution.maxProviderConcurrency }, work));
  return opened;
}

async function openPlace(alias: string, ids: readonly string[], opening: Opening): Promise<OpenPlace | null> {
  const { secrets, marks, env } = opening;
  const place = secrets.providers[alias];
  if (place === undefined || place.source === "env" || place.source === "store") return null;
  const { maxRefsPerProvider } = secrets.resolution;
  if (ids.length > maxRefsPerProvider) {
    return { problem: `more than ${maxRefsPerProvider} references to secrets.providers.${alias} (maxRefsPerProvider)` };
  }
  if (place.source === "exec") {
    const { command } = place;
    if (command === undefined)
      return { problem: `only a plugin of OpenClaw knows the command of secrets.providers.${alias}` };
    return askProgram({ ...place, command }, { alias, ids, env, bytesMax: secrets.resolution.maxBatchBytes });
  }
  return readSecretFile({
    ...place,
    path: withHome(place.path, env),
    bytesMax: place.maxBytes,
    ...(marks === null ? {} : { marks }),
  });
}

interface Question {
  readonly alias: string;
  readonly ids: readonly string[];
  readonly env: Environment;
  readonly bytesMax: number;
}

async function askProgram(place: ExecPlace, { alias, ids, env, bytesMax }: Question): Promise<OpenPlace> {
  const question = secretQuestion(alias, ids);
  if (Buffer.byteLength(question) > bytesMax) {
    return { problem: `the question to secrets.providers.${alias} is longer than ${bytesMax} bytes (maxBatchBytes)` };
  }
  const said = await runSecretCommand(place, question, env);
  return "problem" in said ? said : { answers: secretAnswers(said.text, ids, place) };
}
