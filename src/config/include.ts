// `$include`: puts other files into the tree. Rules of OpenClaw: relative to the including file, at most ten deep, no circles,
// a list is merged in order, keys next to `$include` go on top.
import { dirname, relative, resolve } from "node:path";
import { complainAt, type Complaint } from "./complaint.ts";
import type { FileMarks } from "./file-marks.ts";
import {
  CONFIG_BYTES_MAX,
  type IncludeFolders,
  isRefused,
  readIncludedFile,
  type ReadFile,
  type Refused,
} from "./include-file.ts";
import { readJson5 } from "./json5.ts";
import type { KeyPath } from "./key-path.ts";
import type { Position } from "./positions.ts";
import { emptyObject, mergeWritten, placed, type Written, type WrittenObject } from "./written.ts";

const INCLUDE = "$include";
const DEPTH_MAX = 10;
const FILES_MAX = 256;

/** Where included files may lie, and how much the config has taken already. */
export interface IncludeRules {
  readonly folders: IncludeFolders;
  readonly bytes: number;
  readonly marks: FileMarks;
}

/** A file that was put in. */
export interface IncludedFile {
  readonly file: string;
  readonly text: string;
}

/** Where the walk is. */
export interface Place {
  /** In the config. */
  readonly path: KeyPath;
  /** The folder that relative paths start from. */
  readonly folder: string;
  /** Real paths of the files around it, the main one first. */
  readonly files: readonly string[];
}

/** Puts included files into one config. */
export class Includer {
  readonly files: IncludedFile[];
  readonly complaints: Complaint[];
  readonly #folders: IncludeFolders;
  readonly #marks: FileMarks;
  #bytes: number;

  constructor(rules: IncludeRules) {
    this.files = [];
    this.complaints = [];
    this.#folders = rules.folders;
    this.#marks = rules.marks;
    this.#bytes = rules.bytes;
  }

  /** The tree with every `$include` replaced. What cannot be included is an empty object and a complaint. */
  async expand(node: Written, place: Place): Promise<Written> {
    if (node.kind === "scalar") return node;
    if (node.kind === "list") {
      const items: Written[] = [];
      for (const [i, item] of node.items.entries()) items.push(await this.expand(item, within(place, i)));
      return { ...node, items };
    }
    const include = node.members.get(INCLUDE);
    const own = await this.#siblings(node, place);
    if (include === undefined) return own;
    const included = await this.#included(include, place);
    if (own.members.size === 0) return included;
    if (included.kind === "object") return mergeWritten(included, own);
    this.#complain(include.at, place, {
      code: "include_invalid",
      message: "must name objects: other keys stand next to it",
    });
    return own;
  }

  async #siblings(node: WrittenObject, place: Place): Promise<WrittenObject> {
    const members = new Map<string, Written>();
    for (const [key, value] of node.members) {
      if (key !== INCLUDE) members.set(key, await this.expand(value, within(place, key)));
    }
    return { ...node, members };
  }

  async #included(include: Written, place: Place): Promise<Written> {
    const names = include.kind === "list" ? include.items : [include];
    let merged: Written = emptyObject(include.at);
    for (const [i, name] of names.entries()) {
      const next = await this.#file(name, place);
      merged = i === 0 ? next : mergeWritten(merged, next);
    }
    return merged;
  }

  async #file(name: Written, place: Place): Promise<Written> {
    const nothing = emptyObject(name.at);
    if (name.kind !== "scalar" || typeof name.value !== "string" || name.value === "" || name.value.includes("\0")) {
      this.#complain(name.at, place, { code: "include_invalid", message: "must be a path or a list of paths" });
      return nothing;
    }
    const read = await this.#read(name.value, place);
    if (isRefused(read)) {
      this.#complain(name.at, place, { code: read.code, message: `${JSON.stringify(name.value)} ${read.message}` });
      return nothing;
    }
    this.#bytes += read.bytes;
    this.files.push({ file: read.file, text: read.text });
    const { root, complaints } = readJson5({ text: read.text, file: read.file, path: place.path });
    this.complaints.push(...complaints);
    const files = [...place.files, read.file];
    return placed(await this.expand(root, { path: place.path, folder: dirname(read.file), files }), root.at);
  }

  async #read(name: string, place: Place): Promise<ReadFile | Refused> {
    if (place.files.length > DEPTH_MAX)
      return { code: "include_too_deep", message: `is more than ${DEPTH_MAX} files deep` };
    if (this.files.length >= FILES_MAX) return { code: "include_too_many", message: `is more than ${FILES_MAX} files` };
    const file = resolve(place.folder, name);
    const read = await readIncludedFile(file, this.#folders, this.#marks);
    if (isRefused(read)) {
      this.#marks.note(file, null);
      return read;
    }
    if (place.files.includes(read.file)) return { code: "include_cycle", message: circleOf(place.files, read.file) };
    if (this.#bytes + read.bytes <= CONFIG_BYTES_MAX) return read;
    return { code: "file_too_large", message: `makes the config larger than ${CONFIG_BYTES_MAX} bytes` };
  }

  #complain(at: Position | null, place: Place, said: { readonly code: string; readonly message: string }): void {
    this.complaints.push(complainAt(at, { ...said, path: [...place.path, INCLUDE] }));
  }
}

/** The way from a file to itself, as it is seen from the main file's folder. */
function circleOf(files: readonly string[], file: string): string {
  const circle = [...files.slice(files.indexOf(file)), file];
  if (circle.length === 2) return "includes itself";
  const top = dirname(files[0] ?? file);
  return `includes itself: ${circle.map((each) => relative(top, each)).join(" > ")}`;
}

function within(place: Place, part: string | number): Place {
  return { ...place, path: [...place.path, part] };
}
