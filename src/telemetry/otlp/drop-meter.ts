// The SDK's figures of itself, of which one is taken: how much never left, because the queue of what waits was full. Nobody else is told.
import { createNoopMeter, type Meter, type MeterProvider } from "@opentelemetry/api";

/** The attribute of what the SDK counts as dropped, and its value (OpenTelemetry, SDK metrics: `otel.sdk.processor.*.processed`). */
const ERROR = "error.type";
const QUEUE_FULL = "queue_full";

/** A place for those figures; called once for each thing dropped. */
export function dropMeter(onDropped: () => void): MeterProvider {
  const noop = createNoopMeter();
  const meter: Meter = {
    createCounter: () => ({
      add(count, attributes) {
        if (attributes?.[ERROR] !== QUEUE_FULL) return;
        for (let left = count; left > 0; left -= 1) onDropped();
      },
    }),
    createGauge: (name) => noop.createGauge(name),
    createHistogram: (name) => noop.createHistogram(name),
    createUpDownCounter: (name) => noop.createUpDownCounter(name),
    createObservableGauge: (name) => noop.createObservableGauge(name),
    createObservableCounter: (name) => noop.createObservableCounter(name),
    createObservableUpDownCounter: (name) => noop.createObservableUpDownCounter(name),
    addBatchObservableCallback: () => undefined,
    removeBatchObservableCallback: () => undefined,
  };
  return { getMeter: () => meter };
}
