// What is derived from a configuration once and asked for with every request. Forgotten together with its source.

/** A function that computes its answer once per source object; sources are immutable. */
export function once<Source extends object, T>(make: (source: Source) => T): (source: Source) => T {
  const made = new WeakMap<Source, T>();
  return (source) => {
    const known = made.get(source);
    if (known !== undefined) return known;
    const value = make(source);
    made.set(source, value);
    return value;
  };
}
