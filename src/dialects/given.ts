// Objects without holes: what was not said is no key, neither `undefined` nor `null`.

/** The members of an object that have a value. */
export function given<T extends object>(of: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(of).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
