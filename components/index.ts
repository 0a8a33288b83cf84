/** The public API of the component package. */
export { type ChartEntry, catalogue, certManagerEntry } from "./charts/catalogue.ts";
export type { ChartSource } from "./charts/chart.ts";
export { PostgreSQL, type PostgreSQLArgs } from "./data/postgresql.ts";
export { Redis, type RedisArgs } from "./data/redis.ts";
export { CertManager, type CertManagerArgs } from "./edge/cert-manager.ts";
export { ClusterAddons, type ClusterAddonsArgs } from "./edge/cluster-addons.ts";
export { ClusterIssuers, type ClusterIssuersArgs } from "./edge/cluster-issuers.ts";
export { IngressNginx, type IngressNginxArgs } from "./edge/ingress-nginx.ts";
export { IngressRoutes, type IngressRoutesArgs } from "./edge/ingress-routes.ts";
export { Handover, type HandoverArgs } from "./gitops/handover.ts";
export { checkPlatform } from "./model/platform-checks.ts";
export type { PodGroup, Relation } from "./model/relations.ts";
export { type PlatformModel, type Problem, type System, type SystemInput, systemSchema } from "./model/system.ts";
export { NetworkPolicies, type NetworkPoliciesArgs } from "./network/network-policies.ts";
export { Platform, type PlatformArgs } from "./platform.ts";
export { Namespace, type NamespaceArgs } from "./security/namespace.ts";
export { Secret, type SecretArgs } from "./security/secret.ts";
export { ApplicationService, type ApplicationServiceArgs } from "./workloads/application-service.ts";
