// The word that makes a process of this program a worker of the one that started it.

/** Nothing that somebody would type. */
export const WORKER_WORD = "--as-worker";

/** Where a worker writes lines for the log file; the file descriptors before it are Node's. */
export const FILE_FD = 4;
