// The manifest of the package that is published: without dependencies, because the bundle holds them, and without what only this folder runs.

/** `repository` is `owner/name`, where a workflow publishes: provenance is checked against it. */
export function packedManifest(own, repository) {
  const { dependencies: _bundled, devDependencies: _dev, scripts: _scripts, ...kept } = own;
  if (repository === undefined) return kept;
  return { ...kept, repository: { type: "git", url: `git+https://github.com/${repository}.git` } };
}
