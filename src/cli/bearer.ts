// The header in which a command shows the gateway's secret.

/** A secret as a header: HTTP clients write header texts as Latin-1, and the gateway takes the bytes for UTF-8; null shows nothing. */
export function bearer(secret: string | null): { readonly authorization?: string } {
  return secret === null ? {} : { authorization: `Bearer ${Buffer.from(secret).toString("latin1")}` };
}
