import type { Rule } from "./rule.ts";
import { apiVersionSupported } from "./rules/api-version-supported.ts";
import { apparmorProfile } from "./rules/apparmor-profile.ts";
import { automountTokenOff } from "./rules/automount-token-off.ts";
import { capabilitiesBaseline } from "./rules/capabilities-baseline.ts";
import { capabilitiesDropAll } from "./rules/capabilities-drop-all.ts";
import { chartRendered } from "./rules/chart-rendered.ts";
import { classRefExists } from "./rules/class-ref-exists.ts";
import { configRefExists } from "./rules/config-ref-exists.ts";
import { configRolloutTrigger } from "./rules/config-rollout-trigger.ts";
import { containerPortsValid } from "./rules/container-ports-valid.ts";
import { controllerNotRetired } from "./rules/controller-not-retired.ts";
import { cpuLimitsSet } from "./rules/cpu-limits-set.ts";
import { cpuRequestsSet } from "./rules/cpu-requests-set.ts";
import { crdPresent } from "./rules/crd-present.ts";
import { cronjobPolicy } from "./rules/cronjob-policy.ts";
import { dedicatedServiceAccount } from "./rules/dedicated-service-account.ts";
import { dnsNdots } from "./rules/dns-ndots.ts";
import { duplicateEnvKeys } from "./rules/duplicate-env-keys.ts";
import { emptydirSizeLimit } from "./rules/emptydir-size-limit.ts";
import { ephemeralStorageSet } from "./rules/ephemeral-storage-set.ts";
import { explicitProvider } from "./rules/explicit-provider.ts";
import { gatewayRefExists } from "./rules/gateway-ref-exists.ts";
import { gracefulShutdown } from "./rules/graceful-shutdown.ts";
import { highUidGid } from "./rules/high-uid-gid.ts";
import { hostNamespaces } from "./rules/host-namespaces.ts";
import { hpaBounds } from "./rules/hpa-bounds.ts";
import { hpaNoFixedReplicas } from "./rules/hpa-no-fixed-replicas.ts";
import { hpaRequiresRequests } from "./rules/hpa-requires-requests.ts";
import { hpaTargetExists } from "./rules/hpa-target-exists.ts";
import { hpaUnique } from "./rules/hpa-unique.ts";
import { imageDigestPinned } from "./rules/image-digest-pinned.ts";
import { imagePullPolicy } from "./rules/image-pull-policy.ts";
import { imageRegistryAllowed } from "./rules/image-registry-allowed.ts";
import { imageSourceRetired } from "./rules/image-source-retired.ts";
import { imageTagPinned } from "./rules/image-tag-pinned.ts";
import { ingressBackendExists } from "./rules/ingress-backend-exists.ts";
import { ingressClassSet } from "./rules/ingress-class-set.ts";
import { ingressHostPathUnique } from "./rules/ingress-host-path-unique.ts";
import { ingressHostSet } from "./rules/ingress-host-set.ts";
import { ingressNoSnippets } from "./rules/ingress-no-snippets.ts";
import { ingressTls } from "./rules/ingress-tls.ts";
import { ingressTlsCoversHosts } from "./rules/ingress-tls-covers-hosts.ts";
import { jobLimits } from "./rules/job-limits.ts";
import { labelValuesValid } from "./rules/label-values-valid.ts";
import { labelsStandard } from "./rules/labels-standard.ts";
import { limitRequestRatio } from "./rules/limit-request-ratio.ts";
import { livenessProbeSet } from "./rules/liveness-probe-set.ts";
import { loadbalancerRestricted } from "./rules/loadbalancer-restricted.ts";
import { memoryLimitsSet } from "./rules/memory-limits-set.ts";
import { memoryRequestEqualsLimit } from "./rules/memory-request-equals-limit.ts";
import { memoryRequestsSet } from "./rules/memory-requests-set.ts";
import { minReplicas } from "./rules/min-replicas.ts";
import { monitorTargetExists } from "./rules/monitor-target-exists.ts";
import { nameCollision } from "./rules/name-collision.ts";
import { namespaceDefaultDeny } from "./rules/namespace-default-deny.ts";
import { namespacePsaLabels } from "./rules/namespace-psa-labels.ts";
import { namespaceQuotaLimitrange } from "./rules/namespace-quota-limitrange.ts";
import { networkPolicyNotAllowAll } from "./rules/network-policy-not-allow-all.ts";
import { networkPolicyTargetsPod } from "./rules/network-policy-targets-pod.ts";
import { noDefaultNamespace } from "./rules/no-default-namespace.ts";
import { noExternalIps } from "./rules/no-external-ips.ts";
import { noHostPath } from "./rules/no-host-path.ts";
import { noHostPort } from "./rules/no-host-port.ts";
import { noLegacySaToken } from "./rules/no-legacy-sa-token.ts";
import { noNakedPods } from "./rules/no-naked-pods.ts";
import { noNodeport } from "./rules/no-nodeport.ts";
import { noOpaqueRelease } from "./rules/no-opaque-release.ts";
import { noPodBackdoors } from "./rules/no-pod-backdoors.ts";
import { noPrivilegeEscalation } from "./rules/no-privilege-escalation.ts";
import { noPrivileged } from "./rules/no-privileged.ts";
import { noPrivilegedPorts } from "./rules/no-privileged-ports.ts";
import { noRuntimeSocket } from "./rules/no-runtime-socket.ts";
import { noSecretInConfigmap } from "./rules/no-secret-in-configmap.ts";
import { noSecretInEnvLiteral } from "./rules/no-secret-in-env-literal.ts";
import { noSystemNamespace } from "./rules/no-system-namespace.ts";
import { noUnsafeOpts } from "./rules/no-unsafe-opts.ts";
import { noWindowsHostProcess } from "./rules/no-windows-host-process.ts";
import { nonRootGroups } from "./rules/non-root-groups.ts";
import { ownerAnnotation } from "./rules/owner-annotation.ts";
import { pdbExists } from "./rules/pdb-exists.ts";
import { pdbHasPolicy } from "./rules/pdb-has-policy.ts";
import { pdbNotBlocking } from "./rules/pdb-not-blocking.ts";
import { podHasNetworkPolicy } from "./rules/pod-has-network-policy.ts";
import { priorityClassSet } from "./rules/priority-class-set.ts";
import { probeHttpPath } from "./rules/probe-http-path.ts";
import { probeNoHost } from "./rules/probe-no-host.ts";
import { probeOnlyOnLongRunning } from "./rules/probe-only-on-long-running.ts";
import { probePortExists } from "./rules/probe-port-exists.ts";
import { probeTimingSane } from "./rules/probe-timing-sane.ts";
import { probesNotIdentical } from "./rules/probes-not-identical.ts";
import { procMount } from "./rules/proc-mount.ts";
import { pvcRefExists } from "./rules/pvc-ref-exists.ts";
import { pvcSizeAndMode } from "./rules/pvc-size-and-mode.ts";
import { pvcStorageClass } from "./rules/pvc-storage-class.ts";
import { rbacNoClusterAdmin } from "./rules/rbac-no-cluster-admin.ts";
import { rbacNoControlPlaneVerbs } from "./rules/rbac-no-control-plane-verbs.ts";
import { rbacNoEscalation } from "./rules/rbac-no-escalation.ts";
import { rbacNoPodCreate } from "./rules/rbac-no-pod-create.ts";
import { rbacNoPodExec } from "./rules/rbac-no-pod-exec.ts";
import { rbacNoSecretRead } from "./rules/rbac-no-secret-read.ts";
import { rbacNoSystemGroups } from "./rules/rbac-no-system-groups.ts";
import { rbacNoWildcards } from "./rules/rbac-no-wildcards.ts";
import { rbacRefExists } from "./rules/rbac-ref-exists.ts";
import { readOnlyRootFs } from "./rules/read-only-root-fs.ts";
import { readinessProbeSet } from "./rules/readiness-probe-set.ts";
import { requestsExplicit } from "./rules/requests-explicit.ts";
import { resourcesValid } from "./rules/resources-valid.ts";
import { resourcesWithinBounds } from "./rules/resources-within-bounds.ts";
import { restartPolicy } from "./rules/restart-policy.ts";
import { rolloutStrategy } from "./rules/rollout-strategy.ts";
import { ruleUnevaluated } from "./rules/rule-unevaluated.ts";
import { runAsNonRoot } from "./rules/run-as-non-root.ts";
import { runAsUserNonZero } from "./rules/run-as-user-non-zero.ts";
import { schemaValid } from "./rules/schema-valid.ts";
import { seccompProfile } from "./rules/seccomp-profile.ts";
import { secretsAsFiles } from "./rules/secrets-as-files.ts";
import { selectorMatchesTemplate } from "./rules/selector-matches-template.ts";
import { selinuxOptions } from "./rules/selinux-options.ts";
import { serviceAccountRefExists } from "./rules/service-account-ref-exists.ts";
import { servicePortMatches } from "./rules/service-port-matches.ts";
import { serviceSelectorUnique } from "./rules/service-selector-unique.ts";
import { serviceSelectsWorkload } from "./rules/service-selects-workload.ts";
import { spreadConstraint } from "./rules/spread-constraint.ts";
import { stackFitsBudget } from "./rules/stack-fits-budget.ts";
import { startupProbeWhenSlow } from "./rules/startup-probe-when-slow.ts";
import { statefulProtected } from "./rules/stateful-protected.ts";
import { statefulsetServiceName } from "./rules/statefulset-service-name.ts";
import { sysctlsSafe } from "./rules/sysctls-safe.ts";
import { unusedObject } from "./rules/unused-object.ts";
import { volumeMountValid } from "./rules/volume-mount-valid.ts";
import { volumeTypesRestricted } from "./rules/volume-types-restricted.ts";
import { vpaTargetExists } from "./rules/vpa-target-exists.ts";
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
  podHasNetworkPolicy,
  namespaceDefaultDeny,
  networkPolicyTargetsPod,
  networkPolicyNotAllowAll,
  serviceSelectsWorkload,
  servicePortMatches,
  serviceSelectorUnique,
  containerPortsValid,
  noNodeport,
  loadbalancerRestricted,
  noExternalIps,
  ingressTls,
  ingressHostSet,
  ingressBackendExists,
  ingressHostPathUnique,
  ingressTlsCoversHosts,
  ingressClassSet,
  ingressNoSnippets,
  monitorTargetExists,
  gatewayRefExists,
  minReplicas,
  pdbExists,
  pdbNotBlocking,
  pdbHasPolicy,
  hpaTargetExists,
  hpaNoFixedReplicas,
  hpaRequiresRequests,
  hpaBounds,
  hpaUnique,
  vpaTargetExists,
  spreadConstraint,
  rolloutStrategy,
  gracefulShutdown,
  priorityClassSet,
  restartPolicy,
  noNakedPods,
  selectorMatchesTemplate,
  statefulsetServiceName,
  jobLimits,
  cronjobPolicy,
  dnsNdots,
  rbacNoWildcards,
  rbacNoClusterAdmin,
  rbacNoSecretRead,
  rbacNoEscalation,
  rbacNoPodExec,
  rbacNoPodCreate,
  rbacNoControlPlaneVerbs,
  rbacNoSystemGroups,
  rbacRefExists,
  automountTokenOff,
  namespacePsaLabels,
  noSystemNamespace,
  noDefaultNamespace,
  noSecretInEnvLiteral,
  noSecretInConfigmap,
  secretsAsFiles,
  duplicateEnvKeys,
  configRolloutTrigger,
  configRefExists,
  serviceAccountRefExists,
  pvcRefExists,
  volumeMountValid,
  classRefExists,
  unusedObject,
  namespaceQuotaLimitrange,
  stackFitsBudget,
  pvcStorageClass,
  pvcSizeAndMode,
  statefulProtected,
  labelsStandard,
  labelValuesValid,
  ownerAnnotation,
  apiVersionSupported,
  schemaValid,
  nameCollision,
  crdPresent,
  noOpaqueRelease,
  explicitProvider,
  noUnsafeOpts,
  chartRendered,
  ruleUnevaluated,
  waiverValid,
];
