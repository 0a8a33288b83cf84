import assert from "node:assert/strict";
import { stackSchema } from "../../settings/schema.ts";

/** Every part of a stack's settings that lies over something of the system, saying nothing. */
const silent = {
  services: {
    web: {
      image: {},
      autoscaling: {},
      verticalScaling: {},
      resources: { requests: {}, limits: {} },
      volumes: { data: {} },
      blueGreen: {},
    },
  },
  jobs: { migrate: { resources: { requests: {}, limits: {} } } },
  volumes: { media: {} },
  data: {
    db: {
      storage: {},
      resources: { requests: {}, limits: {} },
      readReplicas: { storage: {}, resources: {} },
      backup: { retention: {}, storage: {} },
    },
  },
  addons: {
    certManager: {},
    clusterIssuers: {},
    ingressNginx: {},
    monitoring: { storage: {}, resources: { requests: {}, limits: {} } },
    metricsAdapter: {},
    velero: {},
  },
  gitops: { argoCd: {}, flux: {}, pulumiOperator: {} },
};

describe("what a stack says over its system", () => {
  it("is what it says: no default of a field takes the place of what the system says", () => {
    const { services, jobs, volumes, data, addons, gitops } = stackSchema.parse({
      system: "codelab",
      environment: "dev",
      ...silent,
    });
    assert.deepEqual({ services, jobs, volumes, data, addons, gitops }, silent);
  });
});
