import { readFileSync } from "node:fs";
import * as k8s from "@pulumi/kubernetes";

/*
 * The same objects as services.ts, registered one by one without any component: what remains is Pulumi itself. BENCH_OBJECTS is a
 * file with the inputs of the first service's objects, by type.
 */
interface Objects {
  "kubernetes:apps/v1:Deployment": k8s.apps.v1.DeploymentArgs;
  "kubernetes:core/v1:Service": k8s.core.v1.ServiceArgs;
  "kubernetes:core/v1:ServiceAccount": k8s.core.v1.ServiceAccountArgs;
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": k8s.autoscaling.v2.HorizontalPodAutoscalerArgs;
  "kubernetes:policy/v1:PodDisruptionBudget": k8s.policy.v1.PodDisruptionBudgetArgs;
}

const first = readFileSync(process.env.BENCH_OBJECTS ?? "", "utf8");
for (let number = 0; number < Number(process.env.BENCH_SERVICES); number += 1) {
  const objects = JSON.parse(first.replaceAll("service-0", `service-${number}`)) as Objects;
  const name = (kind: string) => `service-${number}-${kind}`;
  new k8s.apps.v1.Deployment(name("deployment"), objects["kubernetes:apps/v1:Deployment"]);
  new k8s.core.v1.Service(name("service"), objects["kubernetes:core/v1:Service"]);
  new k8s.core.v1.ServiceAccount(name("account"), objects["kubernetes:core/v1:ServiceAccount"]);
  new k8s.autoscaling.v2.HorizontalPodAutoscaler(
    name("hpa"),
    objects["kubernetes:autoscaling/v2:HorizontalPodAutoscaler"],
  );
  new k8s.policy.v1.PodDisruptionBudget(name("pdb"), objects["kubernetes:policy/v1:PodDisruptionBudget"]);
}
