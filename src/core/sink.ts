// Where an answer goes. Implemented over Node's ServerResponse in server/, by a recorder in tests.

/**
 * Who writes an answer and must hear of its client. An object and not two functions: functions made for each request that are hardly ever
 * called stay uncompiled, and the engine (V8 13.6) carries whatever such functions hold through every minor collection.
 */
export interface SinkListener {
  /** A full buffer has emptied. */
  onDrain(): void;
  /** The client went away before `end`; told once. */
  onClose(): void;
}

/** One answer to one client. `head` once, then `write`s, then `end` or `abort` once. */
export interface Sink {
  /** Status line and headers; `headers` is flat: name, value, name, value. */
  head(status: number, headers: readonly string[]): void;
  /** False asks the writer to wait for its listener's `onDrain`. */
  write(bytes: Uint8Array | string): boolean;
  end(bytes?: Uint8Array | string): void;
  /** Cuts the connection, so that nobody can take what was sent for a complete answer. */
  abort(): void;
  /** True once the client has gone or the answer has ended. */
  readonly closed: boolean;
  /** True once `head` was called. */
  readonly headSent: boolean;
  /** Bytes of body handed over so far. */
  readonly bytesOut: number;
  /** Bytes that the client's side has taken so far, by the reckoning of the connection; it grows while a slow reader reads. */
  readonly bytesTaken: number;
  /** Null: nobody wants to know. */
  listener: SinkListener | null;
}
