// TABLE: the exit code of a request that failed, by what the client would have been told.
import { dispositionOf, type Failure } from "../core/failure.ts";
import { EXIT } from "./command.ts";

/** By the code in the error envelope; every other failure is EXIT.failed. */
const BY_CODE: Readonly<Record<string, number>> = {
  upstream_unreachable: EXIT.unreachable,
  upstream_auth: EXIT.refused,
  upstream_timeout: EXIT.timeout,
};
/** By the status of a gateway's answer. */
const BY_STATUS: Readonly<Record<number, number>> = { 401: EXIT.refused, 403: EXIT.refused, 504: EXIT.timeout };

/** For a failure of our own corridor. */
export function failureExit({ kind }: Failure): number {
  return BY_CODE[dispositionOf(kind).code ?? ""] ?? EXIT.failed;
}

/** For the status of an answer that is none. */
export function statusExit(status: number): number {
  return BY_STATUS[status] ?? EXIT.failed;
}
