import { z } from "zod";

// Upper bounds that no real number of the kind comes near. Most of these fields have 32 bits in Kubernetes, and an API server
// refuses what does not fit when half of a stack is there.

/** A number of pods. */
export const podsSchema = z.int().max(10_000);

/** How often something is tried or counted. */
export const timesSchema = z.int().max(10_000);

/** A time in seconds, at most 30 days. */
export const secondsSchema = z.int().max(30 * 24 * 3600);

/** A time in days, at most a hundred years. */
export const daysSchema = z.int().max(36_500);
