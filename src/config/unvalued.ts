// What stands in the environment is nobody's to read in a complaint: where a value was put in, its variable is named.
import type { Complaint } from "./complaint.ts";
import type { ReadConfig } from "./read-result.ts";

/** Shorter ones are words such as a port or a name, which stand in complaints for other reasons. */
const LENGTH_MIN = 8;

/** The complaints with `${NAME}` in the place of each value that the config took from the environment. */
export function unvalued(complaints: readonly Complaint[], { references, env }: ReadConfig): readonly Complaint[] {
  const values = references.flatMap(({ variable }): [string, string][] => {
    const value = env[variable] ?? "";
    return value.length < LENGTH_MIN ? [] : [[value, `\${${variable}}`]];
  });
  if (values.length === 0) return complaints;
  const named = (text: string): string => values.reduce((so, [value, name]) => so.replaceAll(value, name), text);
  return complaints.map((each) => ({
    ...each,
    message: named(each.message),
    suggestion: each.suggestion === null ? null : named(each.suggestion),
  }));
}
