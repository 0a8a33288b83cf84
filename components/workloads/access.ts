import type * as k8s from "@pulumi/kubernetes";
import type { Access } from "../model/access.ts";
import { type Workload, workloadMetadata } from "./workload.ts";

type Metadata = ReturnType<typeof workloadMetadata>;

/** The Role with what a workload may ask of the Kubernetes API in its namespace, and its binding to the workload's ServiceAccount. */
export function accessObjects(
  workload: Workload,
  access: Access,
): {
  role: { metadata: Metadata; rules: k8s.types.input.rbac.v1.PolicyRule[] };
  binding: {
    metadata: Metadata;
    roleRef: k8s.types.input.rbac.v1.RoleRef;
    subjects: k8s.types.input.rbac.v1.Subject[];
  };
} {
  const role = { metadata: workloadMetadata(workload, "-role"), rules: access };
  return {
    role,
    binding: {
      metadata: workloadMetadata(workload, "-rolebinding"),
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: workload.name, namespace: workload.namespace }],
    },
  };
}
