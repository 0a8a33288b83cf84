import { amountsOf, serviceDemand, sharedDemands, sum } from "./capacity.ts";
import { dataStoreDemands } from "./data-store-checks.ts";
import { parseQuantity } from "./quantity.ts";
import type { PlatformModel, Problem } from "./system.ts";

/** Bounds of the namespace in which not even the fewest pods find room beside those of a rollout: they would never be admitted. */
export function checkQuota({
  quota,
  services,
  jobs,
  volumes,
  data,
}: Pick<PlatformModel, "quota" | "services" | "jobs" | "volumes" | "data">): Problem[] {
  const fewest = Object.values(services).map(({ autoscaling, ...service }) =>
    serviceDemand({ ...service, replicas: autoscaling?.min ?? service.replicas }),
  );
  const least = sum([
    ...fewest,
    ...Object.values(data).flatMap(dataStoreDemands),
    ...sharedDemands({ services, jobs, volumes }),
  ]);
  const needed = amountsOf(least);
  return (["cpu", "memory", "pods", "storage"] as const).flatMap((bound): Problem[] => {
    const given = quota[bound];
    if (given === undefined || (parseQuantity(String(given)) ?? 0) >= least[bound]) return [];
    return [
      {
        path: ["quota", bound],
        message: `${given} is less than the ${needed[bound]} that the workloads need at their smallest`,
        fix: `at least ${needed[bound]}, or leave it out`,
      },
    ];
  });
}
