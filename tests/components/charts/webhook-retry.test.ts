import assert from "node:assert/strict";
import { ClusterIssuers, IngressNginx, IngressRoutes, Monitoring } from "../../../components/index.ts";
import { ApplicationJob } from "../../../components/workloads/application-job.ts";
import type { JobModel } from "../../../components/workloads/job.ts";
import { asPreviewAndUpdate, record } from "../mocks.ts";

const job: JobModel = {
  name: "migrate",
  namespace: "shop",
  instance: "shop",
  component: "job",
  labels: {},
  podAnnotations: {},
  image: { repository: "ghcr.io/shop/web", tag: "1" },
  imagePullPolicy: "IfNotPresent",
  resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
  env: {},
  envFrom: [],
  files: {},
  volumes: {},
  security: { user: 10001, readOnlyRootFilesystem: true },
  terminationGracePeriodSeconds: 30,
  pullSecrets: [],
  rollout: {},
  timeZone: "UTC",
  backoffLimit: 0,
  activeDeadlineSeconds: 60,
  content: {},
};

describe("hooks of components", () => {
  asPreviewAndUpdate((preview) => {
    it("have names that no other has, whatever the components are called", async () => {
      const made = await record(preview, () => {
        new IngressNginx("edge");
        new ClusterIssuers("edge");
        new Monitoring("edge");
        new ApplicationJob("edge", { job });
        for (const name of ["edge", "edge-webhook"])
          new IngressRoutes(name, {
            namespace: "shop",
            instance: "shop",
            domain: "shop.example.com",
            issuer: "selfsigned",
            services: { web: { ports: [{ name: "http", port: 8080, protocol: "TCP" }] } },
            ingress: {
              class: "nginx",
              annotations: {},
              tlsSecret: "web-tls",
              routes: [{ path: "/", pathType: "Prefix", service: "web" }],
            },
          });
      });
      assert.deepEqual(
        ["IngressNginx", "ClusterIssuers", "Monitoring", "Ingress", "Job"].filter(
          (kind) => !made.some(({ type }) => type.endsWith(`:${kind}`)),
        ),
        [],
      );
    });

    it("are registered with each engine that a process runs programs for", async () => {
      for (const program of ["first", "second"]) await record(preview, () => new ClusterIssuers(program));
    });
  });
});
