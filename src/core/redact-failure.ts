// A failure's words without secrets: everything in it that a provider wrote and a client may see.
import { changedFailure, type Failure } from "./failure.ts";

/** The same failure with message, code and param cleaned. */
export function redactFailure(of: Failure, redact: (text: string) => string): Failure {
  return changedFailure(of, {
    message: redact(of.message),
    code: of.code === null ? null : redact(of.code),
    param: of.param === null ? null : redact(of.param),
  });
}
