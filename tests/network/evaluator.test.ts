import assert from "node:assert/strict";
import { type Connection, connects, type Endpoint, type Pod, type Policy, selects, type World } from "./evaluator.ts";

const pod = (name: string, namespace: string, labels: Record<string, string>, ip = "10.1.0.1"): Pod => ({
  name,
  namespace,
  labels,
  ip,
  ports: [{ name: "redis", containerPort: 6379 }],
});
const world = (policies: Policy["spec"][], more: Partial<World> = {}): World => ({
  namespaces: { default: {}, mine: { project: "myproject", env: "a" }, other: { env: "b" } },
  policies: policies.map((spec, index) => ({ metadata: { name: `p${index}`, namespace: "default" }, spec })),
  ipBlocksMatchPods: false,
  ...more,
});
const db = pod("db", "default", { role: "db" });
const frontend = pod("frontend", "default", { role: "frontend" });
const project = pod("project", "mine", { role: "any" });
const stranger = pod("stranger", "other", { role: "frontend" });
const address = (ip: string): Endpoint => ({ name: ip, ip });
const connection = (from: Endpoint, to: Endpoint, port = 6379, protocol = "TCP"): Connection => ({
  from,
  to,
  port,
  protocol,
});

describe("the evaluator of network policies", () => {
  it("allows everything where no policy selects the pod", () => {
    assert.ok(connects(connection(stranger, db), world([])));
    assert.ok(connects(connection(stranger, db), world([{ podSelector: { matchLabels: { role: "x" } } }])));
    const elsewhere = world([]);
    elsewhere.policies = [{ metadata: { name: "p", namespace: "other" }, spec: { podSelector: {} } }];
    assert.ok(connects(connection(frontend, db), elsewhere));
  });

  /** The page's own example, "test-network-policy". */
  const example: Policy["spec"] = {
    podSelector: { matchLabels: { role: "db" } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        from: [
          { ipBlock: { cidr: "172.17.0.0/16", except: ["172.17.1.0/24"] } },
          { namespaceSelector: { matchLabels: { project: "myproject" } } },
          { podSelector: { matchLabels: { role: "frontend" } } },
        ],
        ports: [{ protocol: "TCP", port: 6379 }],
      },
    ],
    egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/24" } }], ports: [{ protocol: "TCP", port: 5978 }] }],
  };

  it("reads the documentation's example as the documentation does", () => {
    const there = world([example]);
    const cases: [Connection, boolean][] = [
      [connection(frontend, db), true],
      [connection(frontend, db, 6380), false],
      [connection(frontend, db, 6379, "UDP"), false],
      [connection(project, db), true],
      // A podSelector alone means pods of the policy's own namespace.
      [connection(stranger, db), false],
      [connection(address("172.17.0.9"), db), true],
      [connection(address("172.17.2.1"), db), true],
      [connection(address("172.17.1.9"), db), false],
      [connection(db, address("10.0.0.7"), 5978), true],
      [connection(db, address("10.0.1.7"), 5978), false],
      [connection(db, address("10.0.0.7"), 5979), false],
      [connection(db, frontend), false],
    ];
    for (const [one, allowed] of cases)
      assert.equal(connects(one, there), allowed, `${one.from.name} to ${one.to.name}:${one.port}/${one.protocol}`);
  });

  it("needs both ends to agree", () => {
    const closed = { podSelector: { matchLabels: { role: "frontend" } }, policyTypes: ["Egress"] };
    assert.equal(connects(connection(frontend, db), world([example, closed])), false);
    assert.ok(connects(connection(project, db), world([example, closed])));
  });

  it("denies by default with an empty selector, in the named directions only", () => {
    const ingress = world([{ podSelector: {}, policyTypes: ["Ingress"] }]);
    assert.equal(connects(connection(stranger, db), ingress), false);
    assert.ok(connects(connection(db, stranger), ingress));
    const egress = world([{ podSelector: {}, policyTypes: ["Egress"] }]);
    assert.ok(connects(connection(stranger, db), egress));
    assert.equal(connects(connection(db, stranger), egress), false);
  });

  it("takes Ingress where no type is named, and Egress as well where there are egress rules", () => {
    const unnamed = world([{ podSelector: {} }]);
    assert.equal(connects(connection(stranger, db), unnamed), false);
    assert.ok(connects(connection(db, stranger), unnamed));
    const both = world([{ podSelector: {}, egress: [{ ports: [{ port: 53, protocol: "UDP" }] }] }]);
    assert.equal(connects(connection(db, stranger), both), false);
    assert.ok(connects(connection(db, stranger, 53, "UDP"), both));
  });

  it("opens everything to everyone with an empty rule", () => {
    const open = world([{ podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] }]);
    assert.ok(connects(connection(stranger, db, 1, "SCTP"), open));
    assert.ok(connects(connection(address("8.8.8.8"), db), open));
  });

  it("adds policies up, in any order", () => {
    const deny = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
    for (const policies of [
      [deny, example],
      [example, deny],
    ]) {
      assert.ok(connects(connection(project, db), world(policies)));
      assert.equal(connects(connection(stranger, db), world(policies)), false);
    }
  });

  it("takes both selectors in one peer together, and two peers apart", () => {
    const selectors = {
      namespaceSelector: { matchLabels: { env: "b" } },
      podSelector: { matchLabels: { role: "frontend" } },
    };
    const together = world([{ podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [selectors] }] }]);
    assert.ok(connects(connection(stranger, db), together));
    assert.equal(connects(connection(frontend, db), together), false);
    const { namespaceSelector, podSelector } = selectors;
    const apart = world([
      { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [{ namespaceSelector }, { podSelector }] }] },
    ]);
    assert.ok(connects(connection(stranger, db), apart));
    assert.ok(connects(connection(frontend, db), apart));
    assert.ok(connects(connection(pod("b", "other", {}), db), apart));
    assert.equal(connects(connection(project, db), apart), false);
  });

  it("takes an empty namespaceSelector for every namespace, and for no address", () => {
    const all = world([
      { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [{ namespaceSelector: {} }] }] },
    ]);
    assert.ok(connects(connection(stranger, db), all));
    assert.equal(connects(connection(address("8.8.8.8"), db), all), false);
  });

  it("reads ranges and names of ports", () => {
    const range = world([
      {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{ ports: [{ protocol: "TCP", port: 32000, endPort: 32768 }] }],
      },
    ]);
    for (const [port, allowed] of [
      [31999, false],
      [32000, true],
      [32768, true],
      [32769, false],
    ] as const)
      assert.equal(connects(connection(db, stranger, port), range), allowed, String(port));
    const named = world([{ podSelector: {}, policyTypes: ["Ingress"], ingress: [{ ports: [{ port: "redis" }] }] }]);
    assert.ok(connects(connection(stranger, db), named));
    assert.equal(connects(connection(stranger, db, 6380), named), false);
    const protocolOnly = world([{ podSelector: {}, ingress: [{ ports: [{ protocol: "UDP" }] }] }]);
    assert.ok(connects(connection(stranger, db, 9, "UDP"), protocolOnly));
    assert.equal(connects(connection(stranger, db, 9), protocolOnly), false);
  });

  it("lets an ipBlock match pods or not, as the network plugin does", () => {
    const policy = {
      podSelector: {},
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }],
    };
    assert.equal(connects(connection(stranger, db), world([policy])), false);
    assert.ok(connects(connection(stranger, db), world([policy], { ipBlocksMatchPods: true })));
    assert.ok(connects(connection(address("8.8.8.8"), db), world([policy])));
    assert.equal(connects(connection(address("2001:db8::1"), db), world([policy])), false);
  });

  it("reads set-based selectors", () => {
    const select = (
      operator: "In" | "NotIn" | "Exists" | "DoesNotExist",
      values: string[],
      labels: Record<string, string>,
    ) => selects({ matchExpressions: [{ key: "a", operator, values }] }, labels);
    assert.deepEqual(
      [
        select("In", ["1", "2"], { a: "2" }),
        select("In", ["1"], {}),
        select("NotIn", ["1"], { a: "1" }),
        select("NotIn", ["1"], {}),
        select("Exists", [], { a: "" }),
        select("Exists", [], {}),
        select("DoesNotExist", [], {}),
        select("DoesNotExist", [], { a: "1" }),
      ],
      [true, false, false, true, true, false, true, false],
    );
  });
});
