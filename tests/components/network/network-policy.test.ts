import assert from "node:assert/strict";
import fc from "fast-check";
import { allows, groupKey, type PodGroup, podGroups, type Relation } from "../../../components/model/relations.ts";
import { networkSchema } from "../../../components/model/system.ts";
import { defaultDeny, networkPolicy } from "../../../components/network/network-policy.ts";

const network = networkSchema.parse({
  apiServer: { cidrs: ["203.0.113.1/32"], ports: [6443] },
  nodes: { cidrs: ["198.51.100.0/24"] },
});
// One id in two namespaces is two groups, whose pods may even carry the same labels.
const groups: PodGroup[] = ["one/a", "one/b", "two/a", "two/c"].map((key) => {
  const [namespace = "", id = ""] = key.split("/");
  return { id, namespace, labels: { app: id } };
});
const relation = fc.record({
  from: fc.constantFrom(...groups),
  to: fc.constantFrom(...groups),
  ports: fc.constantFrom(80, 443).map((port) => [{ port }]),
});

type Policy = ReturnType<typeof networkPolicy>;
interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports: { port: number; protocol: string }[];
}
interface Peer {
  namespaceSelector?: { matchLabels: Record<string, string> };
  podSelector?: { matchLabels: Record<string, string> };
  ipBlock?: { cidr: string; except?: string[] };
}

/** Whether rules of one direction let a pod group through on a TCP port, read as a network plugin reads them. */
function lets(rules: Rule[], side: "from" | "to", other: PodGroup, port: number): boolean {
  return rules.some(
    (rule) =>
      rule.ports.some((one) => one.port === port && one.protocol === "TCP") &&
      (rule[side] ?? []).some(
        ({ namespaceSelector, podSelector }) =>
          namespaceSelector?.matchLabels["kubernetes.io/metadata.name"] === other.namespace &&
          podSelector?.matchLabels.app === other.labels.app,
      ),
  );
}
const rules = (policy: Policy, direction: "ingress" | "egress") => policy.spec[direction] as unknown as Rule[];

describe("networkPolicy", () => {
  it("lets through what a relation says, at both ends, and nothing else", () => {
    fc.assert(
      fc.property(fc.array(relation, { maxLength: 6 }), (relations: Relation[]) => {
        const policies = new Map(groups.map((group) => [group, networkPolicy(group, relations, network, "i")]));
        for (const from of groups) {
          for (const to of groups) {
            for (const port of [80, 443]) {
              const said = relations.some((one) => one.from === from && one.to === to && one.ports[0]?.port === port);
              assert.equal(
                lets(rules(policies.get(from) as Policy, "egress"), "to", to, port),
                said,
                `${groupKey(from)} out to ${groupKey(to)}:${port}`,
              );
              assert.equal(
                lets(rules(policies.get(to) as Policy, "ingress"), "from", from, port),
                said,
                `${groupKey(to)} in from ${groupKey(from)}:${port}`,
              );
            }
          }
        }
      }),
    );
  });

  const [group] = groups as [PodGroup];
  it("always lets names be resolved, over UDP and TCP", () => {
    const [dns] = rules(networkPolicy(group, [], network, "i"), "egress");
    assert.deepEqual(dns?.ports, [
      { port: 53, protocol: "UDP" },
      { port: 53, protocol: "TCP" },
    ]);
    assert.equal(dns?.to?.[0]?.podSelector?.matchLabels["k8s-app"], "kube-dns");
  });

  it("asks the cluster's DNS where it is said to be", () => {
    const dns = { namespace: "openshift-dns", labels: { "dns.operator.openshift.io/daemonset-dns": "default" } };
    const cidrs = ["169.254.20.10/32"];
    const [rule] = rules(networkPolicy(group, [], networkSchema.parse({ dns: { ...dns, cidrs } }), "i"), "egress");
    assert.deepEqual(rule?.to, [
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": dns.namespace } },
        podSelector: { matchLabels: dns.labels },
      },
      { ipBlock: { cidr: "169.254.20.10/32" } },
    ]);
    assert.equal(networkSchema.safeParse({ dns: { labels: {} } }).success, false);
  });

  it("lets the API server and nodes be anywhere where nothing is said, in clusters of either family", () => {
    const policy = networkPolicy(
      group,
      [
        { from: group, to: "api-server", ports: [] },
        { from: group, to: "nodes", ports: [{ port: 10250 }] },
        { from: "control-plane", to: group, ports: [{ port: 8443 }] },
      ],
      networkSchema.parse({}),
      "i",
    );
    const both = [{ ipBlock: { cidr: "0.0.0.0/0" } }, { ipBlock: { cidr: "::/0" } }];
    const [, api, nodes] = rules(policy, "egress");
    assert.deepEqual([api?.to, nodes?.to, rules(policy, "ingress")[0]?.from], [both, both, both]);
  });

  it("reaches the API server by its addresses and ports", () => {
    const [, api] = rules(networkPolicy(group, [{ from: group, to: "api-server", ports: [] }], network, "i"), "egress");
    assert.deepEqual(api, { to: [{ ipBlock: { cidr: "203.0.113.1/32" } }], ports: [{ port: 6443, protocol: "TCP" }] });
  });

  it("keeps private and link-local addresses out of the internet", () => {
    const [, internet] = rules(
      networkPolicy(group, [{ from: group, to: "internet", ports: [{ port: 443 }] }], network, "i"),
      "egress",
    );
    for (const range of ["10.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16", "172.16.0.0/12"])
      assert.ok(internet?.to?.[0]?.ipBlock?.except?.includes(range), range);
  });

  it("says once what two hosts on the internet have in common", () => {
    const host = (note: string): Relation => ({ from: group, to: "internet", ports: [{ port: 443 }], note });
    const egress = rules(networkPolicy(group, [host("a.example.com"), host("b.example.com")], network, "i"), "egress");
    assert.equal(egress.length, 2); // DNS and the internet
  });

  it("opens nothing for a relation without ports", () => {
    const [a, b] = groups as [PodGroup, PodGroup];
    assert.deepEqual(networkPolicy(b, [{ from: a, to: b, ports: [] }], network, "i").spec.ingress, []);
  });

  it("denies both directions by default", () => {
    assert.deepEqual(defaultDeny("one", "i").spec, { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    assert.deepEqual(networkPolicy(group, [], network, "i").spec.ingress, []);
  });
});

describe("podGroups", () => {
  it("takes one id in two namespaces for two groups", () => {
    const [a, , other] = groups as [PodGroup, PodGroup, PodGroup];
    assert.deepEqual(podGroups([{ from: a, to: other, ports: [] }]), [a, other]);
    assert.equal(allows([{ from: a, to: other, ports: [{ port: 80 }] }], other, a, 80), false);
  });

  it("names each group once, in order", () => {
    const [a, b] = groups as [PodGroup, PodGroup];
    assert.deepEqual(
      podGroups([
        { from: b, to: a, ports: [] },
        { from: a, to: "dns", ports: [] },
      ]),
      [a, b],
    );
  });
});
