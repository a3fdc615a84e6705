// Laws over made-up cases play the same ones for every mutant, for half a second, and stop at the first that breaks: nobody reads the
// smallest example here.
import * as fc from "fast-check";

fc.configureGlobal({ seed: 1, endOnFailure: true, interruptAfterTimeLimit: 500 });
