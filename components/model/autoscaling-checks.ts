import { scaledResources } from "./autoscaling.ts";
import { parseQuantity } from "./quantity.ts";
import type { Service } from "./service.ts";
import type { Problem } from "./system.ts";

type Scaled = Pick<Service, "autoscaling" | "verticalScaling" | "kind">;

/** What is wrong with how a service scales, in number and in size. */
export function checkScaling(service: Scaled): Problem[] {
  return [...checkAutoscaling(service), ...checkVerticalScaling(service)];
}

function checkAutoscaling({ autoscaling, kind }: Scaled): Problem[] {
  if (!autoscaling) return [];
  const problems: Problem[] = [];
  const { min, max, pods = {} } = autoscaling;
  if (min > max)
    problems.push({ path: ["autoscaling", "min"], message: `min ${min} is above max ${max}`, fix: `at most ${max}` });
  if (!scaledResources(autoscaling).length && !Object.keys(pods).length)
    problems.push({
      path: ["autoscaling"],
      message: "has no target",
      fix: "give cpu or memory, in percent of the request, or a metric of the pods",
    });
  if (kind === "DaemonSet")
    problems.push({
      path: ["autoscaling"],
      message: "a DaemonSet runs one pod a node and cannot be scaled",
      fix: "remove autoscaling, or make it a Deployment",
    });
  return problems;
}

function checkVerticalScaling({ verticalScaling, autoscaling }: Scaled): Problem[] {
  if (!verticalScaling) return [];
  const { mode, resources, min, max } = verticalScaling;
  const problems: Problem[] = [];
  for (const resource of ["cpu", "memory"] as const) {
    const [low, high] = [min[resource], max[resource]];
    if (low && high && (parseQuantity(low) ?? 0) > (parseQuantity(high) ?? 0))
      problems.push({
        path: ["verticalScaling", "min", resource],
        message: `min ${low} is above max ${high}`,
        fix: `at most ${high}`,
      });
  }
  // Each would answer the other: larger requests look like less use, fewer pods like more.
  const fought =
    autoscaling && mode !== "Off" ? scaledResources(autoscaling).filter((one) => resources.includes(one)) : [];
  if (fought.length)
    problems.push({
      path: ["verticalScaling", "mode"],
      message: `mode ${mode} changes ${fought.join(" and ")}, which the HorizontalPodAutoscaler scales by`,
      fix: `Off, which only recommends, or leave ${fought.join(" and ")} out of verticalScaling.resources`,
    });
  return problems;
}
