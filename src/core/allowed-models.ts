// Which models may be named: ids, and everything below a name (`provider/*`).

/** Lower-case target ids, and names that end in `/*`. */
export type AllowedModels = ReadonlySet<string>;

/** True for a listed id, and for one below a listed name: `a/b/c` is below `a/*` and `a/b/*`. */
export function allowsModel(allowed: AllowedModels, targetId: string): boolean {
  const id = targetId.toLowerCase();
  if (allowed.has(id)) return true;
  for (let slash = id.indexOf("/"); slash > 0; slash = id.indexOf("/", slash + 1)) {
    if (allowed.has(`${id.slice(0, slash)}/*`)) return true;
  }
  return false;
}
