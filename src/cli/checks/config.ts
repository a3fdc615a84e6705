// The config: what loading it says, who may read and change it, and which secrets stand in it.
import { stat } from "node:fs/promises";
import { renderComplaint, inOrder } from "../../config/complaint.ts";
import { EMBEDDED, type Loaded } from "../../config/load-snapshot.ts";
import { auditSecrets } from "../../config/secret-audit.ts";
import { type Check, fail, type Finding, ok, warn } from "./finding.ts";

const OTHERS_WRITE = 0o022;
const OTHERS_READ = 0o044;

/** Every complaint of the loader is a line. */
export const configLoads: Check = async ({ result }) => {
  const complaints = inOrder(result.ok ? result.warnings : result.complaints);
  const said = complaints.map((complaint): Finding => {
    const line = renderComplaint(complaint).replace("  warning: ", "  ");
    const fix =
      complaint.suggestion === null ? "'config validate' prints the list alone" : `write ${complaint.suggestion}`;
    return complaint.severity === "error" ? fail("config", line, fix) : warn("config", line, fix);
  });
  const agents = result.ok
    ? `, ${counted(result.snapshot.agents.size, "agent")}, ${counted(result.snapshot.targets.size, "model")}`
    : "";
  const found = result.ok && result.found !== null ? ` (${result.found})` : "";
  return result.ok ? [ok("config", `${result.source}${found}${agents}`), ...said] : said;
};

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

/** Who else may write the file decides where requests go; who may read it has the keys that stand in it. */
export const configFiles: Check = async ({ result, loaded }) => {
  if (result.source === EMBEDDED) return [];
  // A file that does not load may hold anything.
  const holdsSecrets = loaded === null || (await plaintextPlaces(loaded)).length > 0;
  const findings = await Promise.all(result.files.map((file) => fileFinding(file, holdsSecrets)));
  return findings.flat();
};

async function fileFinding(file: string, holdsSecrets: boolean): Promise<readonly Finding[]> {
  const stats = await stat(file).catch(() => null);
  if (stats === null || process.getuid === undefined) return [];
  const mode = (stats.mode & 0o777).toString(8).padStart(4, "0");
  const fix = `chmod 600 ${file}`;
  if ((stats.mode & OTHERS_WRITE) !== 0) return [fail("files", `${file} may be changed by others (mode ${mode})`, fix)];
  if ((stats.mode & OTHERS_READ) === 0) return [ok("files", `${file} is yours alone (mode ${mode})`)];
  if (!holdsSecrets) return [ok("files", `${file} may be read by others, and holds no secret (mode ${mode})`)];
  return [warn("files", `${file} may be read by others, with its secrets (mode ${mode})`, fix)];
}

/** Plain keys in the file. */
export const secretsInFile: Check = async ({ loaded }) => {
  if (loaded === null) return [];
  const places = await plaintextPlaces(loaded);
  if (places.length === 0) return [ok("secrets", "none stands in the open")];
  const fix = "write ${VAR} or a reference; 'secrets audit' tells more";
  return [warn("secrets", `in the open: ${places.join(", ")}`, fix)];
};

/** Commands are not run for this. */
async function plaintextPlaces({ read }: Loaded): Promise<readonly string[]> {
  const { findings } = await auditSecrets(read.reveal(), { allowExec: false });
  return findings.filter(({ code }) => code === "PLAINTEXT_FOUND").map(({ jsonPath }) => jsonPath);
}
