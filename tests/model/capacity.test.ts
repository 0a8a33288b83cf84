import assert from "node:assert/strict";
import { quotaFor, serviceDemand } from "../../components/model/capacity.ts";
import { serviceSchema } from "../../components/model/service.ts";

const service = (more: object) =>
  serviceSchema.parse({
    image: { repository: "ghcr.io/shop/agent", tag: "1" },
    resources: { requests: { cpu: "200m", memory: "256Mi" }, limits: { cpu: "200m", memory: "256Mi" } },
    probes: { readiness: { exec: ["true"] }, liveness: { exec: ["true"] } },
    ...more,
  });
const quota = (more: object, given = {}) => quotaFor([serviceDemand(service(more))], given);

describe("the derived quota", () => {
  it("has room for the pod more of a rollout, and some to spare", () => {
    const { cpu, memory, pods } = quota({ replicas: 2 });
    assert.deepEqual({ cpu, memory, pods }, { cpu: "1600m", memory: "1792Mi", pods: 13 });
  });

  it("lets traffic enter by the ingress controller only, unless it is given otherwise", () => {
    const services = ({ loadBalancers, nodePorts }: ReturnType<typeof quota>) => ({ loadBalancers, nodePorts });
    assert.deepEqual(services(quota({})), { loadBalancers: 0, nodePorts: 0 });
    assert.deepEqual(services(quota({}, { loadBalancers: 1 })), { loadBalancers: 1, nodePorts: 0 });
  });

  it("bounds nothing that grows with the number of nodes", () => {
    const volumes = { cache: { mountPath: "/cache", size: "1Gi", accessMode: "ReadWriteMany" } };
    const { cpu, memory, pods, storage } = quota({ kind: "DaemonSet", volumes });
    assert.deepEqual(
      { cpu, memory, pods, storage },
      { cpu: undefined, memory: undefined, pods: undefined, storage: "1024Mi" },
    );
  });

  it("is what is given, with a DaemonSet too", () => {
    const { cpu, memory, pods } = quota({ kind: "DaemonSet" }, { pods: 40 });
    assert.deepEqual({ cpu, memory, pods }, { cpu: undefined, memory: undefined, pods: 40 });
  });
});
