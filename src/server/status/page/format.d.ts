// Types of format.js, whose words the terminal shares with the page: the same figure reads the same in both.

import type { RequestRow } from "../../../telemetry/live/request-row.ts";

/** What stands where nothing is known. */
export const NOTHING: string;
/** Three figures, and a letter for thousands. */
export function number(value: number | null): string;
/** A duration from microseconds to minutes, as value and unit. */
export function duration(ms: number | null): [value: string, unit: string];
/** A duration as one text. */
export function span(ms: number | null): string;
/** A part of one. */
export function percent(part: number | null): string;
/** Tokens in and out; a plus behind those of an answer that was cut. */
export function tokens(row: Pick<RequestRow, "tokensIn" | "tokensOut" | "usage">): string;
/** Dollars. */
export function dollars(usd: number | null): string;
/** How long ago or until, in the two largest units. */
export function longTime(ms: number): string;
/** The time of day of an instant. */
export function timeOfDay(wall: number): string;
/** One word for one thing, another for several. */
export function plural(count: number, one: string, many?: string): string;
/** Our words with spaces. */
export function words(word: string | null): string;
