/** Licences that ask for their text and no more, which the bundle's LICENSES.txt carries. */
export const LICENCES: ReadonlySet<string> = new Set([
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "(Apache-2.0 AND BSD-3-Clause)",
]);
