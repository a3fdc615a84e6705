// The config: what loading it says, who may read and change it, and which secrets stand in it.
import { stat } from "node:fs/promises";
import { renderComplaint, inOrder } from "../../config/complaint.ts";
import { EMBEDDED } from "../../config/load-snapshot.ts";
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
  const agents = result.ok ? `, ${result.snapshot.agents.size} agents, ${result.snapshot.targets.size} models` : "";
  const found = result.ok && result.found !== null ? ` (${result.found})` : "";
  return result.ok ? [ok("config", `${result.source}${found}${agents}`), ...said] : said;
};

/** Who else may write the file decides where requests go, and who may read it has its keys. */
export const configFiles: Check = async ({ result }) => {
  if (result.source === EMBEDDED) return [];
  const findings = await Promise.all(result.files.map(fileFinding));
  return findings.flat();
};

async function fileFinding(file: string): Promise<readonly Finding[]> {
  const stats = await stat(file).catch(() => null);
  if (stats === null || process.getuid === undefined) return [];
  const mode = (stats.mode & 0o777).toString(8).padStart(4, "0");
  if ((stats.mode & OTHERS_WRITE) !== 0)
    return [fail("files", `${file} may be changed by others (mode ${mode})`, `chmod 600 ${file}`)];
  if ((stats.mode & OTHERS_READ) !== 0)
    return [warn("files", `${file} may be read by others (mode ${mode})`, `chmod 600 ${file}`)];
  return [ok("files", `${file} is yours alone (mode ${mode})`)];
}

/** Plain keys in the file. Commands are not run for this. */
export const secretsInFile: Check = async ({ loaded }) => {
  if (loaded === null) return [];
  const { findings } = await auditSecrets(loaded.read.reveal(), { allowExec: false });
  const plain = findings.filter(({ code }) => code === "PLAINTEXT_FOUND");
  if (plain.length === 0) return [ok("secrets", "none stands in the open")];
  const places = plain.map(({ jsonPath }) => jsonPath).join(", ");
  return [warn("secrets", `in the open: ${places}`, "write ${VAR} or a reference; 'secrets audit' tells more")];
};
