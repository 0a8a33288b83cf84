import assert from "node:assert/strict";
import { alarmsOf } from "../../report/alarms/alarms.ts";
import { resourcesOf } from "../../report/resources.ts";
import { Secrecy } from "../../report/secrecy.ts";
import { type Made, run, urnOf } from "./run.ts";

function alarms(...resources: Made[]): string[] {
  return alarmsOf(resourcesOf(run(resources), new Secrecy())).map(
    ({ kind, object, message, detail }) => `${kind} | ${object} | ${message}${detail ? ` | ${detail}` : ""}`,
  );
}

const named = (kind: string, more: Record<string, unknown> = {}) => ({
  kind,
  metadata: { name: "x", namespace: "shop" },
  ...more,
});
const workload = (image: string, spec: Record<string, unknown> = {}) =>
  named("Deployment", { spec: { ...spec, template: { spec: { containers: [{ name: "app", image }] } } } });
const service = (spec: Record<string, unknown>) => named("Service", { spec: { ports: [{ port: 80 }], ...spec } });
const policy = (spec: Record<string, unknown>) => named("NetworkPolicy", { spec: { podSelector: {}, ...spec } });
const role = (...rules: unknown[]) => ({ kind: "ClusterRole", metadata: { name: "r" }, rules });
const types = {
  claim: "kubernetes:core/v1:PersistentVolumeClaim",
  set: "kubernetes:apps/v1:StatefulSet",
  deployment: "kubernetes:apps/v1:Deployment",
  service: "kubernetes:core/v1:Service",
  policy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  ingress: "kubernetes:networking.k8s.io/v1:Ingress",
  role: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
  binding: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
};

const cases: Record<string, { made: Made; alarm: RegExp | null }> = {
  "a deleted claim": {
    made: { type: types.claim, name: "c", before: named("PersistentVolumeClaim") },
    alarm: /^data \| PersistentVolumeClaim shop\/x \| is deleted/,
  },
  "a replaced StatefulSet, with the field that causes it": {
    made: {
      type: types.set,
      name: "s",
      op: "replace",
      before: named("StatefulSet", { spec: { volumeClaimTemplates: [{ spec: { size: "2Gi" } }] } }),
      after: named("StatefulSet", { spec: { volumeClaimTemplates: [{ spec: { size: "9Gi" } }] } }),
      keys: ["spec.volumeClaimTemplates[0].spec.size"],
    },
    alarm:
      /^data \| StatefulSet shop\/x \| is deleted and made anew.* \| spec\.volumeClaimTemplates\[0\]\.spec\.size: "2Gi" → "9Gi"$/,
  },
  "a generated password that is made anew": {
    made: {
      type: "random:index/randomPassword:RandomPassword",
      name: "p",
      op: "replace",
      before: { length: 1 },
      after: { length: 2 },
      keys: ["length"],
    },
    alarm: /^data \| RandomPassword p \| gets another value \| length: 1 → 2$/,
  },
  "a deleted Secret": {
    made: { type: "kubernetes:core/v1:Secret", name: "s", before: named("Secret") },
    alarm: /^data \| Secret shop\/x/,
  },
  "a deleted namespace": {
    made: {
      type: "kubernetes:core/v1:Namespace",
      name: "n",
      before: { kind: "Namespace", metadata: { name: "shop" } },
    },
    alarm: /^namespace \| Namespace shop \| is deleted, with everything in it/,
  },
  "a deleted kind": {
    made: {
      type: "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
      name: "d",
      before: named("CustomResourceDefinition"),
    },
    alarm: /^definition /,
  },
  "a replaced Deployment": {
    made: {
      type: types.deployment,
      name: "d",
      op: "replace",
      before: workload("a:1"),
      after: workload("a:1"),
      keys: ["spec.selector"],
    },
    alarm: /^replacement \| Deployment shop\/x \| is deleted and made anew \| spec\.selector$/,
  },
  "a deleted Service": {
    made: { type: types.service, name: "s", before: service({}) },
    alarm: /^deletion \| Service shop\/x \| is deleted$/,
  },
  "a protection that is taken off": {
    made: { type: types.claim, name: "c", op: "same", before: named("P"), after: named("P"), protect: [true, false] },
    alarm: /^protected \| P shop\/x \| is no longer protected/,
  },
  "a scale to zero": {
    made: {
      type: types.deployment,
      name: "d",
      before: workload("a:1", { replicas: 3 }),
      after: workload("a:1", { replicas: 0 }),
    },
    alarm: /^scaled-to-zero \| Deployment shop\/x \| is scaled to zero \| 3 → 0$/,
  },
  "another image": {
    made: { type: types.deployment, name: "d", before: workload("a:1"), after: workload("a:2") },
    alarm: /^image \| Deployment shop\/x \| runs another image \| container app: a:1 → a:2$/,
  },
  "a load balancer": {
    made: { type: types.service, name: "s", before: service({}), after: service({ type: "LoadBalancer" }) },
    alarm: /^exposure \| Service shop\/x \| becomes reachable \| LoadBalancer port 80 for everybody$/,
  },
  "a node port": {
    made: { type: types.service, name: "s", after: service({ type: "NodePort" }) },
    alarm: /^exposure .*NodePort port 80 for any node$/,
  },
  "source ranges that are taken off": {
    made: {
      type: types.service,
      name: "s",
      before: service({ type: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0/8"] }),
      after: service({ type: "LoadBalancer" }),
    },
    alarm: /^exposure .*for everybody$/,
  },
  "another host": {
    made: {
      type: types.ingress,
      name: "i",
      before: named("Ingress", { spec: { rules: [{ host: "a.example", http: { paths: [{ path: "/" }] } }] } }),
      after: named("Ingress", { spec: { rules: [{ host: "b.example", http: { paths: [{ path: "/" }] } }] } }),
    },
    alarm: /^exposure .*becomes reachable \| host b\.example\/$/,
  },
  "the network of the node": {
    made: {
      type: types.deployment,
      name: "d",
      before: workload("a:1"),
      after: named("Deployment", {
        spec: { template: { spec: { hostNetwork: true, containers: [{ name: "app", image: "a:1" }] } } },
      }),
    },
    alarm: /^exposure .*the network of its node$/,
  },
  "a deleted network policy": {
    made: { type: types.policy, name: "p", before: policy({}) },
    alarm: /^network .*is deleted/,
  },
  "a policy that is opened": {
    made: { type: types.policy, name: "p", before: policy({ ingress: [] }), after: policy({ ingress: [{}] }) },
    alarm: /^network .*allows more than before \| in from everybody every port$/,
  },
  "a policy with one peer more": {
    made: {
      type: types.policy,
      name: "p",
      before: policy({ egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: 443 }] }] }),
      after: policy({
        egress: [
          { to: [{ ipBlock: { cidr: "10.0.0.0/8" } }, { ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 443 }] },
        ],
      }),
    },
    alarm: /^network .*out to everybody \(0\.0\.0\.0\/0\) port 443$/,
  },
  "a policy that is only closed": {
    made: { type: types.policy, name: "p", before: policy({ ingress: [{}] }), after: policy({ ingress: [] }) },
    alarm: null,
  },
  "a policy without a default": {
    made: {
      type: types.policy,
      name: "p",
      before: policy({ policyTypes: ["Ingress", "Egress"] }),
      after: policy({ policyTypes: ["Ingress"] }),
    },
    alarm: /^network .*no longer denies by default \| Egress$/,
  },
  "a role with more verbs": {
    made: {
      type: types.role,
      name: "r",
      before: role({ apiGroups: [""], resources: ["pods"], verbs: ["get"] }),
      after: role({ apiGroups: [""], resources: ["pods"], verbs: ["get", "delete"] }),
    },
    alarm: /^permission \| ClusterRole r \| may do more than before \| delete pods$/,
  },
  "a new role that reads secrets": {
    made: {
      type: types.role,
      name: "r",
      after: role({ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] }),
    },
    alarm: /^permission .*strong permissions \| get, list secrets$/,
  },
  "a new role that reads pods": {
    made: { type: types.role, name: "r", after: role({ apiGroups: [""], resources: ["pods"], verbs: ["get"] }) },
    alarm: null,
  },
  "a role with less": {
    made: {
      type: types.role,
      name: "r",
      before: role({ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }),
      after: role(),
    },
    alarm: null,
  },
  "another subject": {
    made: {
      type: types.binding,
      name: "b",
      before: {
        kind: "ClusterRoleBinding",
        metadata: { name: "b" },
        roleRef: { kind: "ClusterRole", name: "view" },
        subjects: [],
      },
      after: {
        kind: "ClusterRoleBinding",
        metadata: { name: "b" },
        roleRef: { kind: "ClusterRole", name: "view" },
        subjects: [{ kind: "Group", name: "all" }],
      },
    },
    alarm: /^permission .*gives permissions in the whole cluster \| ClusterRole view to Group all$/,
  },
  "a new ConfigMap": { made: { name: "c", after: named("ConfigMap") }, alarm: null },
  "what stays as it is": {
    made: {
      type: types.service,
      name: "s",
      op: "same",
      before: service({ type: "NodePort" }),
      after: service({ type: "NodePort" }),
    },
    alarm: null,
  },
};

describe("alarms", () => {
  for (const [name, { made, alarm }] of Object.entries(cases)) {
    it(`${alarm ? "tell of" : "do not tell of"} ${name}`, () => {
      const found = alarms(made);
      if (alarm === null) assert.deepEqual(found, []);
      else
        assert.ok(
          found.some((one) => alarm.test(one)),
          found.join("\n"),
        );
    });
  }

  it("tell of a protected resource that is deleted", () => {
    const found = alarms({ type: types.claim, name: "c", before: named("PersistentVolumeClaim"), protect: true });
    assert.match(found.join("\n"), /^protected \| .*the engine will refuse/m);
  });

  it("tell of a chart's other version once", () => {
    const chart = urnOf("kubernetes:helm.sh/v4:Chart", "db");
    const labelled = (version: string) =>
      named("ConfigMap", { metadata: { name: "x", namespace: "shop", labels: { "helm.sh/chart": version } } });
    const made = ["a", "b"].map((name) => ({
      name,
      before: labelled("db-1.0.0"),
      after: labelled("db-2.0.0"),
      parent: chart,
    }));
    assert.deepEqual(
      alarms({ type: "kubernetes:helm.sh/v4:Chart", name: "db", op: "same", before: {}, after: {} }, ...made),
      ["chart | Chart db | is another version | db-1.0.0 → db-2.0.0"],
    );
  });

  it("come with the gravest first, whatever the order of the events", () => {
    const made = Object.values(cases).map((one, index) => ({ ...one.made, name: `n${index}` }));
    const found = alarms(...made);
    assert.deepEqual(alarms(...made.toReversed()), found);
    assert.match(found[0] ?? "", /^data/);
    assert.match(found.at(-1) ?? "", /^image/);
  });
});
