import type { Rule } from "./rule.ts";
import { chartRendered } from "./rules/chart-rendered.ts";
import { cpuLimitsSet } from "./rules/cpu-limits-set.ts";
import { cpuRequestsSet } from "./rules/cpu-requests-set.ts";
import { livenessProbeSet } from "./rules/liveness-probe-set.ts";
import { memoryLimitsSet } from "./rules/memory-limits-set.ts";
import { memoryRequestsSet } from "./rules/memory-requests-set.ts";
import { readinessProbeSet } from "./rules/readiness-probe-set.ts";
import { requestsExplicit } from "./rules/requests-explicit.ts";

/** Every rule of the pack, in the order of reports. A test holds it to the files in `rules/`. */
export const rules: readonly Rule[] = [
  cpuRequestsSet,
  cpuLimitsSet,
  memoryRequestsSet,
  memoryLimitsSet,
  requestsExplicit,
  readinessProbeSet,
  livenessProbeSet,
  chartRendered,
];
