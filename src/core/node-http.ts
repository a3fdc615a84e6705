// Node's HTTP module by a look-up. An ES import of it evaluates every lazy export, among them a whole second HTTP client (`WebSocket`): 13 MiB
// of memory and 33 ms of processor time at each start.

/** What servers and clients of ours take from it. */
export const { Agent, createServer, request, STATUS_CODES } = process.getBuiltinModule("node:http");
