import { z } from "zod";

const suffixes: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const pattern = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([KMGTPE]i|[numkMGTPE]?))$/;

/**
 * The number a Kubernetes quantity stands for (`500m` → 0.5, `1Gi` → 1073741824), or undefined where the text is none.
 * Grammar: k8s.io/apimachinery `pkg/api/resource/quantity.go`.
 */
export function parseQuantity(text: string): number | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, digits, exponent, suffix] = match;
  if (exponent) return Number(`${digits}${exponent}`);
  return Number(digits) * (suffixes[suffix ?? ""] ?? Number.NaN);
}

/** A quantity above zero, in units of which Kubernetes counts at most 2^63 - 1. */
const quantity = (example: string, unit = 1) =>
  z.string().refine((text) => (parseQuantity(text) ?? -1) > 0 && (parseQuantity(text) ?? 0) / unit < 2 ** 63, {
    error: `must be a Kubernetes quantity above zero that 63 bits can count, such as "${example}"`,
    abort: true,
  });

/** Any amount as a Kubernetes quantity. */
export const quantitySchema = quantity("100").describe("A Kubernetes quantity, such as 100 or 500m.");
/** Cores as a Kubernetes quantity: `"500m"` is half a core. */
export const cpuSchema = quantity("500m", 1e-3).describe("Cores as a Kubernetes quantity, such as 500m.");
/** Bytes as a Kubernetes quantity: `"512Mi"`. A bare number or a milli suffix is nearly always a slip, so both are refused. */
export const bytesSchema = quantity("512Mi")
  .refine((text) => /[kMGTPE]i?$/.test(text), { error: 'must carry a unit, such as "512Mi"' })
  .describe("Bytes as a Kubernetes quantity with a unit, such as 512Mi.");

const amounts = (role: string) =>
  z.strictObject({
    cpu: cpuSchema,
    memory: bytesSchema,
    ephemeralStorage: bytesSchema
      .optional()
      .describe(`Local disk for logs, emptyDir and the writable layer (${role}).`),
  });

/** Requests and limits of one container. Both are always set: a container without them is refused by the policy pack. */
export const resourcesSchema = z.strictObject({
  requests: amounts("request").describe("What the scheduler reserves."),
  limits: amounts("limit").describe("What the container is held to."),
});
export type Resources = z.infer<typeof resourcesSchema>;

/** Resources whose every amount has a default of its own: who gives one keeps the others. */
export function resourcesWithDefault({ requests, limits }: Resources) {
  const { shape } = resourcesSchema;
  const within = (schema: typeof shape.requests, { cpu, memory }: Resources["requests"]) =>
    schema.extend({ cpu: schema.shape.cpu.default(cpu), memory: schema.shape.memory.default(memory) }).prefault({});
  return z
    .strictObject({
      requests: within(shape.requests, requests).describe("What the scheduler reserves."),
      limits: within(shape.limits, limits).describe("What the container is held to."),
    })
    .prefault({});
}

/** What an environment or a stack may change of resources: single amounts. */
export const resourcesOverrideSchema = z.strictObject({
  requests: resourcesSchema.shape.requests.partial().optional(),
  limits: resourcesSchema.shape.limits.partial().optional(),
});

/** The same as a Kubernetes `resources` object. */
export function resourceRequirements(resources: Resources): {
  requests: Record<string, string>;
  limits: Record<string, string>;
} {
  const map = ({ cpu, memory, ephemeralStorage }: Resources["limits"]): Record<string, string> => ({
    cpu,
    memory,
    ...(ephemeralStorage ? { "ephemeral-storage": ephemeralStorage } : {}),
  });
  return { requests: map(resources.requests), limits: map(resources.limits) };
}
