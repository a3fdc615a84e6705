// What the environment told the runtime. Whoever may set it runs code in the process, so that it is said once, by name.

/** The options in `NODE_OPTIONS`, without their values, which may be long or secret. */
export function runtimeOptions(nodeOptions: string | undefined): readonly string[] {
  return (nodeOptions ?? "").match(/(?<=^|\s|")--?[a-z][\w-]*/gi) ?? [];
}
