// The SDK's exporter over http/protobuf with our own writing of spans in it.
import { OTLPExporterBase, type OTLPExporterConfigBase } from "@opentelemetry/otlp-exporter-base";
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from "@opentelemetry/otlp-exporter-base/node-http";
import { ProtobufTraceSerializer, TraceExporterMetricsHelper } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import { SpanBytes } from "./span-bytes.ts";

/** What the SDK calls an exporter of this kind. */
const COMPONENT = "otlp_http_span_exporter";
const PROTOBUF = { "Content-Type": "application/x-protobuf" };

/** Obeys the same options and `OTEL_EXPORTER_OTLP_*` as the SDK's own exporter, with its retries, time-outs and compression. */
export function createSpanExporter(options: OTLPExporterConfigBase): SpanExporter {
  const bytes = new SpanBytes();
  const serializer = {
    serializeRequest: (spans: ReadableSpan[]) => bytes.of(spans),
    deserializeResponse: ProtobufTraceSerializer.deserializeResponse,
  };
  const http = convertLegacyHttpOptions(options, "TRACES", "v1/traces", PROTOBUF);
  const metrics = TraceExporterMetricsHelper;
  return new OTLPExporterBase(createOtlpHttpExportDelegate(http, serializer, COMPONENT, metrics, undefined));
}
