// A picture of this machine as a content part of a chat request.
import { readFile } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import type { Json } from "../core/json.ts";
import { UsageError } from "./command.ts";

/** An image, ready to be sent. */
export interface ImagePart {
  readonly name: string;
  readonly mimeType: string;
  readonly part: Json;
}

/** Kinds of images that models read, by the ending of the file's name. */
const KINDS: ReadonlyMap<string, string> = new Map([
  [".png", "image/png"],
  [".jpg", "image/jpeg"],
  [".jpeg", "image/jpeg"],
  [".gif", "image/gif"],
  [".webp", "image/webp"],
]);

/** Reads an image. Throws UsageError for anything else. */
export async function imagePart(path: string, cwd: string): Promise<ImagePart> {
  const mimeType = KINDS.get(extname(path).toLowerCase());
  if (mimeType === undefined) throw new UsageError(`--file: '${path}' is no image (${[...KINDS.keys()].join(", ")})`);
  const bytes = await readFile(resolve(cwd, path)).catch((error: unknown) => {
    throw new UsageError(`--file: ${error instanceof Error ? error.message : String(error)}`);
  });
  const url = `data:${mimeType};base64,${bytes.toString("base64")}`;
  return { name: basename(path), mimeType, part: { type: "image_url", image_url: { url } } };
}
