import * as k8s from "@pulumi/kubernetes";
import { ApplicationService } from "../../components/index.ts";
import { findSandbox } from "../../settings/runtime.ts";

/** As many services as SERVICES says, on the sandbox's cluster. Runs in the place of index.ts. */
const { kubeconfig = "", context = "" } = findSandbox() ?? {};
const provider = new k8s.Provider("cluster", { kubeconfig, context });
for (let number = 0; number < Number(process.env.SERVICES); number += 1) {
  new ApplicationService(
    `service-${number}`,
    {
      namespace: "shop",
      image: { repository: "ghcr.io/example/service", tag: "1.0.0" },
      ports: [{ name: "http", port: 8000 }],
      autoscaling: { min: 2, max: 5, cpu: 70 },
      resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "100m", memory: "128Mi" } },
      probes: {
        readiness: { http: "/ready", port: "http" },
        liveness: { http: "/live", port: "http" },
      },
      env: { LOG_LEVEL: "info" },
    },
    { providers: [provider] },
  );
}
