// What the SDK says of itself when OTEL_LOG_LEVEL has it speak. Its own way is straight to the console, with answers of collectors as they
// came: those may hold the key that they were shown. Here it goes through the redactor, a line each. Not into the log: records of that are
// exported, and each export would be spoken of again.
import { format } from "node:util";
import { diag, type DiagLogFunction, DiagLogLevel } from "@opentelemetry/api";
import { loggableText } from "../log-fields.ts";
import { quote } from "../quote.ts";
import type { Redact } from "../redact.ts";

/** The words of OTEL_LOG_LEVEL; any other one is `info`, as in the SDK. */
const LEVELS: Readonly<Record<string, DiagLogLevel>> = {
  NONE: DiagLogLevel.NONE,
  ERROR: DiagLogLevel.ERROR,
  WARN: DiagLogLevel.WARN,
  INFO: DiagLogLevel.INFO,
  DEBUG: DiagLogLevel.DEBUG,
  VERBOSE: DiagLogLevel.VERBOSE,
  ALL: DiagLogLevel.ALL,
};

/** Has the SDK speak to `print`, from this level on. */
export function hearSdk(level: string, redact: Redact, print: (line: string) => void): void {
  const say = (at: string): DiagLogFunction => {
    return (...words) => print(`opentelemetry ${at}: ${quote(loggableText(format(...words), redact))}`);
  };
  const speaker = {
    error: say("error"),
    warn: say("warn"),
    info: say("info"),
    debug: say("debug"),
    verbose: say("verbose"),
  };
  diag.setLogger(speaker, {
    logLevel: LEVELS[level.toUpperCase()] ?? DiagLogLevel.INFO,
    suppressOverrideMessage: true,
  });
}
