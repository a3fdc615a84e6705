// TABLE: all rows of the fault matrix.
import type { Row } from "../row.ts";
import { ABUSE } from "./abuse.ts";
import { BODIES } from "./bodies.ts";
import { CALLERS } from "./callers.ts";
import { CONNECTION } from "./connection.ts";
import { ISOLATION } from "./isolation.ts";
import { LEAVING } from "./leaving.ts";
import { MEMORY } from "./memory.ts";
import { RESPONSES } from "./responses.ts";
import { FILES } from "./files.ts";
import { LIVES } from "./lives.ts";
import { SHAPES } from "./shapes.ts";
import { STARTING } from "./starting.ts";
import { STATUS } from "./status.ts";
import { STRAIN } from "./strain.ts";
import { STREAMS } from "./stream.ts";
import { TRACES } from "./traces.ts";
import { VOLUME } from "./volume.ts";
import { WIRE } from "./wire.ts";

/** Every row; the table sorts them as the matrix does. */
export const ROWS: readonly Row[] = [
  ...CONNECTION,
  ...STATUS,
  ...STREAMS,
  ...RESPONSES,
  ...WIRE,
  ...LEAVING,
  ...VOLUME,
  ...MEMORY,
  ...ISOLATION,
  ...ABUSE,
  ...BODIES,
  ...CALLERS,
  ...STARTING,
  ...LIVES,
  ...FILES,
  ...STRAIN,
  ...SHAPES,
  ...TRACES,
];
