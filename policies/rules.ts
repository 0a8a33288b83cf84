import type { Rule } from "./rule.ts";
import { apparmorProfile } from "./rules/apparmor-profile.ts";
import { capabilitiesBaseline } from "./rules/capabilities-baseline.ts";
import { capabilitiesDropAll } from "./rules/capabilities-drop-all.ts";
import { chartRendered } from "./rules/chart-rendered.ts";
import { controllerNotRetired } from "./rules/controller-not-retired.ts";
import { cpuLimitsSet } from "./rules/cpu-limits-set.ts";
import { cpuRequestsSet } from "./rules/cpu-requests-set.ts";
import { dedicatedServiceAccount } from "./rules/dedicated-service-account.ts";
import { emptydirSizeLimit } from "./rules/emptydir-size-limit.ts";
import { ephemeralStorageSet } from "./rules/ephemeral-storage-set.ts";
import { highUidGid } from "./rules/high-uid-gid.ts";
import { hostNamespaces } from "./rules/host-namespaces.ts";
import { imageDigestPinned } from "./rules/image-digest-pinned.ts";
import { imagePullPolicy } from "./rules/image-pull-policy.ts";
import { imageRegistryAllowed } from "./rules/image-registry-allowed.ts";
import { imageSourceRetired } from "./rules/image-source-retired.ts";
import { imageTagPinned } from "./rules/image-tag-pinned.ts";
import { limitRequestRatio } from "./rules/limit-request-ratio.ts";
import { livenessProbeSet } from "./rules/liveness-probe-set.ts";
import { memoryLimitsSet } from "./rules/memory-limits-set.ts";
import { memoryRequestEqualsLimit } from "./rules/memory-request-equals-limit.ts";
import { memoryRequestsSet } from "./rules/memory-requests-set.ts";
import { noHostPath } from "./rules/no-host-path.ts";
import { noHostPort } from "./rules/no-host-port.ts";
import { noLegacySaToken } from "./rules/no-legacy-sa-token.ts";
import { noPodBackdoors } from "./rules/no-pod-backdoors.ts";
import { noPrivilegeEscalation } from "./rules/no-privilege-escalation.ts";
import { noPrivileged } from "./rules/no-privileged.ts";
import { noPrivilegedPorts } from "./rules/no-privileged-ports.ts";
import { noRuntimeSocket } from "./rules/no-runtime-socket.ts";
import { noWindowsHostProcess } from "./rules/no-windows-host-process.ts";
import { nonRootGroups } from "./rules/non-root-groups.ts";
import { probeHttpPath } from "./rules/probe-http-path.ts";
import { probeNoHost } from "./rules/probe-no-host.ts";
import { probeOnlyOnLongRunning } from "./rules/probe-only-on-long-running.ts";
import { probePortExists } from "./rules/probe-port-exists.ts";
import { probeTimingSane } from "./rules/probe-timing-sane.ts";
import { probesNotIdentical } from "./rules/probes-not-identical.ts";
import { procMount } from "./rules/proc-mount.ts";
import { readOnlyRootFs } from "./rules/read-only-root-fs.ts";
import { readinessProbeSet } from "./rules/readiness-probe-set.ts";
import { requestsExplicit } from "./rules/requests-explicit.ts";
import { resourcesValid } from "./rules/resources-valid.ts";
import { resourcesWithinBounds } from "./rules/resources-within-bounds.ts";
import { ruleUnevaluated } from "./rules/rule-unevaluated.ts";
import { runAsNonRoot } from "./rules/run-as-non-root.ts";
import { runAsUserNonZero } from "./rules/run-as-user-non-zero.ts";
import { seccompProfile } from "./rules/seccomp-profile.ts";
import { selinuxOptions } from "./rules/selinux-options.ts";
import { startupProbeWhenSlow } from "./rules/startup-probe-when-slow.ts";
import { sysctlsSafe } from "./rules/sysctls-safe.ts";
import { volumeTypesRestricted } from "./rules/volume-types-restricted.ts";
import { waiverValid } from "./rules/waiver-valid.ts";

/** Every rule of the pack, in the order of reports. A test holds it to the files in `rules/`. */
export const rules: readonly Rule[] = [
  cpuRequestsSet,
  cpuLimitsSet,
  memoryRequestsSet,
  memoryLimitsSet,
  requestsExplicit,
  ephemeralStorageSet,
  memoryRequestEqualsLimit,
  resourcesValid,
  limitRequestRatio,
  resourcesWithinBounds,
  emptydirSizeLimit,
  hostNamespaces,
  noPrivileged,
  capabilitiesBaseline,
  capabilitiesDropAll,
  noPrivilegeEscalation,
  runAsNonRoot,
  runAsUserNonZero,
  highUidGid,
  nonRootGroups,
  readOnlyRootFs,
  seccompProfile,
  apparmorProfile,
  selinuxOptions,
  procMount,
  sysctlsSafe,
  noWindowsHostProcess,
  noHostPath,
  noRuntimeSocket,
  volumeTypesRestricted,
  noHostPort,
  noPrivilegedPorts,
  dedicatedServiceAccount,
  noLegacySaToken,
  noPodBackdoors,
  readinessProbeSet,
  livenessProbeSet,
  startupProbeWhenSlow,
  probePortExists,
  probesNotIdentical,
  probeTimingSane,
  probeHttpPath,
  probeNoHost,
  probeOnlyOnLongRunning,
  imageTagPinned,
  imageDigestPinned,
  imageRegistryAllowed,
  imagePullPolicy,
  imageSourceRetired,
  controllerNotRetired,
  chartRendered,
  ruleUnevaluated,
  waiverValid,
];
