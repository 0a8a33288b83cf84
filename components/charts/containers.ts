import type { ObjectChange, RenderedObject } from "./transforms.ts";

/** A container of a rendered workload. */
export interface RenderedContainer {
  name: string;
  [key: string]: unknown;
}

/** The same workload with each of its containers changed; every other object as it is. */
export function changeContainers(
  object: RenderedObject,
  change: (container: RenderedContainer) => RenderedContainer,
): RenderedObject {
  const workload = object as { spec?: { template?: { spec?: { containers?: RenderedContainer[] } } } };
  const spec = workload.spec?.template?.spec;
  if (!Array.isArray(spec?.containers)) return object;
  return {
    ...object,
    spec: {
      ...workload.spec,
      template: { ...workload.spec?.template, spec: { ...spec, containers: spec.containers.map(change) } },
    },
  };
}

interface Probe {
  periodSeconds?: number;
  timeoutSeconds?: number;
}

/**
 * Asks no container again before the answer could come: several charts (Redis, cert-manager, Grafana) give a liveness probe a
 * timeout above its period, and no key but one for each number. The period becomes as long as the timeout.
 */
export const fitProbePeriods: ObjectChange = (_type, object) =>
  changeContainers(object, (container) => {
    const fitted = Object.entries(container).flatMap(([key, value]) => {
      if (!/^(liveness|readiness|startup)Probe$/.test(key) || typeof value !== "object" || value === null) return [];
      const { periodSeconds = 10, timeoutSeconds = 1 } = value as Probe;
      return timeoutSeconds > periodSeconds ? [[key, { ...value, periodSeconds: timeoutSeconds }] as const] : [];
    });
    return fitted.length ? { ...container, ...Object.fromEntries(fitted) } : container;
  });
