// What is kept of an answer beside its words, roughly: bounds that counted words alone would hold back a hundredth of an answer in the
// smallest pieces.

/** A call, or an event without words. */
export const EVENT_BYTES = 256;
/** A piece of words: texts that grow are kept as what they were joined of until somebody reads them. */
export const PIECE_BYTES = 32;
