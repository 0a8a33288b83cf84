import * as k8s from "@pulumi/kubernetes";

/** The smallest program with Kubernetes in it: one ConfigMap. */
const settings = new k8s.core.v1.ConfigMap("settings", {
  metadata: { name: "settings", namespace: "default" },
  data: { greeting: "hello" },
});

export const name = settings.metadata.name;
