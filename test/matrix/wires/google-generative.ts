// A provider of Gemini's own API, as strict as Google's (https://ai.google.dev/api/generate-content, thought signatures as
// https://ai.google.dev/gemini-api/docs/thought-signatures): a result for every call, signatures of its own hand only.
import { z } from "zod";
import { HOLD } from "../../support/script.ts";
import {
  events,
  type HeardResult,
  type Memory,
  Refused,
  type Said,
  shaped,
  streamed,
  type Wire,
  whole,
} from "../wire.ts";

/** Google's word for calls that it did not make itself. */
const NOT_SIGNED = "skip_thought_signature_validator";

const part = z.strictObject({
  text: z.string().optional(),
  inlineData: z.strictObject({ mimeType: z.literal("image/png"), data: z.string() }).optional(),
  functionCall: z.strictObject({ name: z.string(), args: z.record(z.string(), z.unknown()) }).optional(),
  functionResponse: z.strictObject({ name: z.string(), response: z.record(z.string(), z.string()) }).optional(),
  thoughtSignature: z.string().optional(),
});
const content = z.strictObject({ role: z.enum(["user", "model"]), parts: z.array(part).min(1) });
type Content = z.infer<typeof content>;
type Part = z.infer<typeof part>;

/** Top-level fields: others are "Unknown name". */
const REQUEST = z.strictObject({
  contents: z.array(content).min(1),
  systemInstruction: z.strictObject({ parts: z.array(z.strictObject({ text: z.string().min(1) })).min(1) }).optional(),
  tools: z
    .array(
      z.strictObject({
        functionDeclarations: z.array(
          z.strictObject({
            name: z.string(),
            description: z.string().optional(),
            parametersJsonSchema: z.record(z.string(), z.unknown()).optional(),
          }),
        ),
      }),
    )
    .optional(),
  toolConfig: z
    .strictObject({
      functionCallingConfig: z.strictObject({
        mode: z.enum(["AUTO", "NONE", "ANY"]),
        allowedFunctionNames: z.array(z.string()).optional(),
      }),
    })
    .optional(),
  generationConfig: z
    .strictObject({
      temperature: z.number().optional(),
      topP: z.number().optional(),
      topK: z.int().optional(),
      maxOutputTokens: z.int().optional(),
      stopSequences: z.array(z.string()).max(5).optional(),
      seed: z.int().optional(),
      presencePenalty: z.number().optional(),
      frequencyPenalty: z.number().optional(),
      responseLogprobs: z.boolean().optional(),
      logprobs: z.int().min(0).max(20).optional(),
      responseMimeType: z.literal("application/json").optional(),
      responseJsonSchema: z.record(z.string(), z.unknown()).optional(),
      thinkingConfig: z
        .strictObject({
          thinkingLevel: z.enum(["MINIMAL", "LOW", "MEDIUM", "HIGH"]).optional(),
          includeThoughts: z.boolean().optional(),
        })
        .optional(),
    })
    .optional(),
});

const USAGE = {
  promptTokenCount: 7,
  candidatesTokenCount: 5,
  totalTokenCount: 12,
  promptTokensDetails: [{ modality: "TEXT", tokenCount: 7 }],
};

/** The provider that speaks Gemini's own API. */
export const googleGenerativeWire: Wire = {
  api: "google-generative-ai",
  dialect: "google-generative",
  model: "gemini-3-flash-preview",
  base: "/v1beta",
  limit: {
    status: 429,
    body: {
      error: { code: 429, message: "Resource has been exhausted (e.g. check quota).", status: "RESOURCE_EXHAUSTED" },
    },
  },
  hear: (request, memory) => {
    const isStream = request.path.endsWith(":streamGenerateContent?alt=sse");
    if (!isStream && !request.path.endsWith(":generateContent")) throw new Refused(`unknown path ${request.path}`);
    const body = shaped(REQUEST, request.json());
    const parts = body.contents.flatMap((each) => each.parts);
    for (const each of parts) proven(each, memory);
    for (const each of body.contents) stepSigned(each);
    const users = body.contents.filter(({ role }) => role === "user");
    const { generationConfig: settings } = body;
    return {
      stream: isStream,
      system: (body.systemInstruction?.parts ?? []).map(({ text }) => text).join("\n"),
      users: users.map(textOf).filter((said) => said !== ""),
      images: parts.flatMap(({ inlineData }) => inlineData?.data ?? []),
      results: linked(body.contents),
      tools: (body.tools ?? []).flatMap(({ functionDeclarations }) =>
        functionDeclarations.map(({ name, parametersJsonSchema }) => ({ name, schema: parametersJsonSchema })),
      ),
      schema: settings?.responseJsonSchema ?? null,
      effort: settings?.thinkingConfig?.thinkingLevel?.toLowerCase() ?? null,
      outputMax: settings?.maxOutputTokens ?? null,
      proofs: parts.flatMap(({ thoughtSignature }) => thoughtSignature ?? []).filter((each) => each !== NOT_SIGNED),
    };
  },
  say: (said, heard, memory) => {
    const parts = partsOf(said, memory);
    if (!heard.stream) return whole(chunk(joined(parts), "STOP"));
    const chunks = parts.map((each, at) => chunk([each], at === parts.length - 1 ? "STOP" : undefined));
    return streamed("text/event-stream", events(chunks));
  },
  begin: (texts) => [...streamed("text/event-stream", events([chunk([{ text: texts[0] ?? "" }])])), HOLD],
  breakOff: (texts) => {
    const error = {
      error: { code: 503, message: "The model is overloaded. Please try again later.", status: "UNAVAILABLE" },
    };
    return streamed("text/event-stream", events([chunk([{ text: texts[0] ?? "" }]), error]));
  },
  refusal: (message) => ({ error: { code: 400, message, status: "INVALID_ARGUMENT" } }),
};

function textOf({ parts }: Content): string {
  return parts.flatMap(({ text }) => text ?? []).join("\n");
}

function proven({ thoughtSignature: proof }: Part, memory: Memory): void {
  if (proof !== undefined && proof !== NOT_SIGNED && !memory.knows(proof))
    throw new Refused("Corrupted thought signature.");
}

/** A step begins with a call that is signed. */
function stepSigned({ role, parts }: Content): void {
  const first = parts.find(({ functionCall }) => functionCall !== undefined);
  if (role === "model" && first !== undefined && first.thoughtSignature === undefined) {
    throw new Refused(
      `Function call is missing a thought_signature in functionCall parts: ${first.functionCall?.name}`,
    );
  }
}

/** As many results as calls, in their order and by their names. */
function linked(contents: readonly Content[]): HeardResult[] {
  const results: HeardResult[] = [];
  for (const [at, { role, parts }] of contents.entries()) {
    const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
    if (role !== "model" || calls.length === 0) continue;
    const answers = (contents[at + 1]?.parts ?? []).flatMap(({ functionResponse }) => functionResponse ?? []);
    if (answers.length !== calls.length) {
      throw new Refused(
        "Please ensure that the number of function response parts is equal to the number of function call parts",
      );
    }
    for (const [index, { name, args }] of calls.entries()) {
      const answer = answers[index];
      if (answer?.name !== name) throw new Refused(`the response part ${index} is not named ${name}`);
      results.push({ name, args, text: answer.response["output"] ?? answer.response["error"] ?? "" });
    }
  }
  return results;
}

interface SaidPart {
  readonly text?: string;
  readonly thought?: boolean;
  readonly functionCall?: object;
  readonly thoughtSignature?: string;
}

/** The first call is signed, and so is a text behind a thought. */
function partsOf({ thought, texts = [], calls = [] }: Said, memory: Memory): SaidPart[] {
  const shown = thought === undefined ? [] : [{ text: thought, thought: true }];
  const sign = (): { readonly thoughtSignature: string } => ({ thoughtSignature: memory.issue("EpwDCpkDAXsigned+/") });
  const words = texts.map((text, at) => ({
    text,
    ...(thought !== undefined && calls.length === 0 && at === texts.length - 1 ? sign() : {}),
  }));
  const called = calls.map(({ name, args }, at) => ({ functionCall: { name, args }, ...(at === 0 ? sign() : {}) }));
  return [...shown, ...words, ...called];
}

/** Whole answers have a text in one part. */
function joined(parts: readonly SaidPart[]): SaidPart[] {
  const texts = parts.filter((each) => each.text !== undefined && each.thought !== true);
  if (texts.length < 2) return [...parts];
  const whole_ = Object.assign({}, ...texts, { text: texts.map(({ text }) => text).join("") }) as SaidPart;
  const others = parts.filter((each) => !texts.includes(each));
  return [...others.filter((each) => each.thought), whole_, ...others.filter((each) => each.functionCall)];
}

function chunk(parts: readonly SaidPart[], finishReason?: "STOP"): object {
  return {
    candidates: [{ content: { parts, role: "model" }, ...(finishReason && { finishReason }), index: 0 }],
    usageMetadata: USAGE,
    modelVersion: "gemini-3-flash-preview",
    responseId: "5xYSaZ3sFpqm1",
  };
}
