// The `options` of a request: what Ollama lets be set per call (OpenClaw §5.7), from the common words, from fields of Ollama's own that
// the client wrote, and for the context window from the file.
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { Target } from "../../core/snapshot.ts";
import { given } from "../given.ts";
import { asNumber } from "../reading.ts";
import type { ChatRequest } from "../vocabulary.ts";

/** What may stand in `options`; anything else there is the server's own business. */
const OPTIONS: ReadonlySet<string> = new Set([
  "num_keep",
  "seed",
  "num_predict",
  "top_k",
  "top_p",
  "min_p",
  "typical_p",
  "repeat_last_n",
  "temperature",
  "repeat_penalty",
  "presence_penalty",
  "frequency_penalty",
  "stop",
  "num_ctx",
  "num_batch",
  "num_gpu",
  "main_gpu",
  "use_mmap",
  "num_thread",
]);

/** What stands beside `options`. */
const TOP_LEVEL: ReadonlySet<string> = new Set(["keep_alive", "truncate", "shift", "think"]);

/** What is asked for by saying nothing. */
const DEFAULTS: Readonly<Record<string, Json>> = { store: false, background: false, truncation: "disabled" };

/** The fields of Ollama's own that a client wrote: `options`, and what stands beside them. Others are named in `lost`. */
interface OwnFields {
  readonly options: JsonObject;
  readonly top: JsonObject;
}

/** The options and other settings of a request. */
export function encodeOptions(request: ChatRequest, target: Target, lost: Set<string>): JsonObject {
  const own = readOwnFields(request, lost);
  const options = {
    ...given({ num_ctx: contextWindow(target) }),
    ...own.options,
    ...given({
      num_predict: request.outputMax,
      temperature: request.temperature,
      top_p: request.topP,
      top_k: request.topK,
      seed: request.seed,
      stop: request.stop,
      presence_penalty: request.presencePenalty,
      frequency_penalty: request.frequencyPenalty,
    }),
  };
  return { ...(Object.keys(options).length === 0 ? {} : { options }), ...own.top };
}

/** Servers begin with a small window and cut prompts to it silently, so the stated one is asked for. */
function contextWindow({ params, stated }: Target): number | undefined {
  return asNumber(params["num_ctx"]) ?? stated.contextWindow ?? undefined;
}

function readOwnFields({ others }: ChatRequest, lost: Set<string>): OwnFields {
  const options: Record<string, Json> = {};
  const top: Record<string, Json> = {};
  for (const [key, value] of others) {
    if (OPTIONS.has(key)) options[key] = value;
    else if (TOP_LEVEL.has(key)) top[key] = value;
    else if (key === "options" && isJsonObject(value)) {
      for (const [name, option] of Object.entries(value)) {
        if (OPTIONS.has(name)) options[name] = option;
        else lost.add("options");
      }
    } else if (DEFAULTS[key] !== value) lost.add(key);
  }
  return { options, top };
}
