// `auth`: how long a failing credential is left alone. Keys of providers stand under `models.providers`.
import { z } from "../zod.ts";
import { countOrZero, ignored, text } from "./fields.ts";

const hours = z.number().positive();
const minutes = z.number().positive();

const cooldowns = z.strictObject({
  billingBackoffHours: hours.default(5).describe("First window after a billing failure, in hours; doubles each time."),
  billingBackoffHoursByProvider: z
    .record(text, hours)
    .default({})
    .describe("First window after a billing failure by provider, in hours."),
  billingMaxHours: hours.default(24).describe("Longest window after billing failures, in hours."),
  authPermanentBackoffMinutes: minutes
    .default(10)
    .describe("First window after a key was refused for good, in minutes."),
  authPermanentMaxMinutes: minutes.default(60).describe("Longest window after a key was refused for good, in minutes."),
  failureWindowHours: hours
    .default(24)
    .describe("After this long without a failure, windows start from the first again, in hours."),
  overloadedProfileRotations: countOrZero
    .default(1)
    .describe("Other keys to try when a provider says that it is overloaded."),
  overloadedBackoffMs: countOrZero
    .default(0)
    .describe("Pause before the next attempt after an overload, in milliseconds."),
  rateLimitedProfileRotations: countOrZero.default(1).describe("Other keys to try after a rate limit."),
});

/** `auth`. */
export const auth = z.strictObject({
  profiles: ignored(
    "Stored logins of OpenClaw; write keys under `models.providers.<id>.apiKey` or in the environment.",
  ),
  order: ignored("Order of stored logins; the order of an `apiKey` list counts here."),
  cooldowns: cooldowns.prefault({}).describe("How long a failing credential is left alone."),
});
