// What is wrong with a command line: a sentence for people, not a fault of the program with its stack.

/** Thrown before anything is started. */
export class WrongUse extends Error {}

/** Runs a program's main function; what is wrong with its command line is said, and the exit code is 2. */
export async function saying(main: () => Promise<number>): Promise<number> {
  try {
    return await main();
  } catch (error) {
    if (!(error instanceof WrongUse) && !isOfParseArgs(error)) throw error;
    process.stderr.write(`bench: ${error.message}\n`);
    return 2;
  }
}

function isOfParseArgs(error: unknown): error is Error {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code?.startsWith("ERR_PARSE_ARGS_") ?? false;
}
