// An SDK of OpenTelemetry that somebody else starts before the gateway, as `--import` modules of platforms do: it says each span on stderr.
import { trace } from "@opentelemetry/api";
import { type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";

const exporter = {
  export(spans: readonly ReadableSpan[], done: (result: { code: 0 }) => void): void {
    for (const span of spans) {
      const { traceId, spanId } = span.spanContext();
      const told = { span: span.name, traceId, spanId, parent: span.parentSpanContext?.spanId ?? null };
      process.stderr.write(`${JSON.stringify({ ...told, attributes: span.attributes })}\n`);
    }
    done({ code: 0 });
  },
  shutdown: () => Promise.resolve(),
};

trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
