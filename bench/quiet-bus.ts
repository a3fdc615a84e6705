// Preloaded into a gateway whose telemetry is to cost nothing: its bus tells events to health alone, as if nobody else had subscribed.
// That is what "off" means in telemetry-whole.ts; no switch of the product goes so far.
import { registerHooks } from "node:module";

const QUIET_BUS = `export function createBus() {
  let last = () => undefined;
  return { observe: (event) => last(event), subscribe(observer) { last = observer; return () => undefined; }, faults: 0 };
}`;

registerHooks({
  load(url, context, next) {
    if (!url.endsWith("/src/telemetry/bus.ts")) return next(url, context);
    return { format: "module", source: QUIET_BUS, shortCircuit: true };
  },
});
