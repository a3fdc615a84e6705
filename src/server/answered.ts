// What a handler gives back to hono: nothing. Every answer is written to Node's response by whoever makes it.

/** Says that the visit was answered, or will be by whoever has its sink. Hono passes it on and does not look at it. */
export const ANSWERED = {} as Response;
