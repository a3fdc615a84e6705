// Google says in the path what others say in the body: the model, and whether the answer is streamed. The configured path is that of
// streams; that of whole answers differs in its method.

const STREAM = ":streamGenerateContent";
const AS_EVENTS = "alt=sse";

/** The path for a streamed or a whole answer. */
export function generatePath(path: string, stream: boolean): string {
  return stream ? path : withMethod(path, ":generateContent");
}

/** The name of a model in a body: `models/` and `tunedModels/` are kept, else `models/` is put in front. */
export function modelName(model: string): string {
  return /^(?:models|tunedModels)\//.test(model) ? model : `models/${model}`;
}

/** Another method of the same model; other query parameters stay as they are. */
function withMethod(path: string, method: string): string {
  const mark = path.indexOf("?");
  const place = mark < 0 ? path : path.slice(0, mark);
  const query = mark < 0 ? [] : path.slice(mark + 1).split("&");
  const kept = query.filter((parameter) => parameter !== AS_EVENTS && parameter !== "").join("&");
  const named = place.endsWith(STREAM) ? place.slice(0, -STREAM.length) + method : place;
  return kept === "" ? named : `${named}?${kept}`;
}
