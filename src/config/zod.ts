// The one door to zod: its settings hold from the first schema on, so they have to be made before there is one.
import { z } from "zod";

// A config is parsed once: compiling parsers for it would cost more than it saves (15 ms of a start), and evaluate code.
z.config({ jitless: true });

export { z };
