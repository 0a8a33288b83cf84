import type { SystemInput } from "../components/model/system.ts";

/**
 * What a cluster has once, for every system in it: certificates, ingress, monitoring, secrets out of a store. A stack of this system owns them, and the stacks of
 * applications say `keelson:addons: present`. Nothing lives in a namespace of its own, so none is made.
 */
export const cluster: SystemInput = {
  name: "cluster",
  title: "Cluster add-ons",
  namespace: "cluster",
  domain: "cluster.example.com",
  addons: { certManager: {}, clusterIssuers: {}, ingressNginx: {}, monitoring: {}, externalSecrets: {} },
};
