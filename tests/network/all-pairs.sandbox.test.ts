import assert from "node:assert/strict";
import { podGroups } from "../../components/model/relations.ts";
import { environments } from "../../components/model/system.ts";
import { relationGraph } from "../../components/network/relation-graph.ts";
import { systems } from "../../systems/index.ts";
import { modelOf } from "../../topology/model.ts";
import { object, type Rendered, renderedObjects } from "../rendered.ts";
import { compare } from "./comparison.ts";
import { connects, isPod } from "./evaluator.ts";
import { scene } from "./world.ts";

for (const system of Object.keys(systems)) {
  for (const environment of environments) {
    describe(`the network policies of ${system} in ${environment}`, () => {
      for (const ipBlocksMatchPods of [false, true]) {
        it(`allow of all pairs on all ports what the relations say, where ipBlocks ${ipBlocksMatchPods ? "match" : "do not match"} pods`, async () => {
          const all = await renderedObjects(system, environment);
          const { differences, allowed, denied } = compare(
            all,
            [modelOf(systems, system, environment)],
            ipBlocksMatchPods,
          );
          assert.deepEqual(differences, []);
          assert.ok(allowed > 0 && denied > 0, `${allowed} allowed, ${denied} denied`);
        });
      }
    });
  }
}

describe("CodeLab's services, by their network policies alone", () => {
  it("001-ARC-3 reach whom the document draws, and nobody else in their namespace", async () => {
    const all = await renderedObjects("codelab", "prod");
    const { world, endpoints, ports } = scene(all, podGroups(relationGraph(modelOf(systems, "codelab", "prod"))), true);
    const pods = endpoints.filter(isPod).filter(({ namespace }) => ["codelab", "ingress-nginx"].includes(namespace));
    const found = pods
      .filter(({ name }) => name.startsWith("Deployment "))
      .flatMap((from) =>
        pods
          .filter((to) => to !== from && to.namespace === "codelab" && !to.name.startsWith("other's"))
          .flatMap((to) =>
            ports
              .filter(({ port, protocol }) => connects({ from, to, port, protocol }, world))
              .map(({ port }) => `${from.name.split(" ")[1]} ${to.name.split(" ")[1]} ${port}`),
          ),
      );
    assert.deepEqual(found.toSorted(), [
      "agent-runtime llm-proxy 4000",
      "agent-runtime postgres-primary 5432",
      "agent-runtime postgres-read 5432",
      "agent-runtime redis-master 6379",
      "agent-runtime redis-replicas 6379",
      "auth-service postgres-primary 5432",
      "auth-service postgres-read 5432",
      "auth-service redis-master 6379",
      "auth-service redis-replicas 6379",
      "gateway agent-runtime 8001",
      "gateway auth-service 8003",
      "gateway postgres-primary 5432",
      "gateway postgres-read 5432",
      "ingress-nginx-controller auth-service 8003",
      "ingress-nginx-controller gateway 8000",
    ]);
  });
});

describe("a network policy that is broken on purpose", () => {
  const model = modelOf(systems, "codelab", "prod");
  const differencesAfter = async (change: (all: Rendered[]) => Rendered[] | undefined) => {
    const all = structuredClone(await renderedObjects("codelab", "prod"));
    return compare(change(all) ?? all, [model], false).differences;
  };
  const policy = (all: Rendered[], name: string) => object(all, "NetworkPolicy", name, "codelab").spec;
  const cases: [string, (all: Rendered[]) => Rendered[] | undefined, RegExp][] = [
    [
      "without default deny",
      (all) => all.filter(({ metadata }) => !(metadata.name === "default-deny" && metadata.namespace === "codelab")),
      /^Ingress open: a stranger in strangers \(strangers\) to a stranger in codelab/,
    ],
    [
      "without one side of a relation",
      (all) => void policy(all, "llm-proxy-netpol").ingress.pop(),
      /^Ingress closed: Deployment agent-runtime \(codelab\) to Deployment llm-proxy \(codelab\) on 4000\/TCP$/,
    ],
    [
      "without DNS over TCP",
      (all) => void policy(all, "gateway-netpol").egress[0].ports.pop(),
      /^Egress closed: Deployment gateway \(codelab\) to DNS \(kube-system\) on 53\/TCP$/,
    ],
    [
      "with a port range too wide",
      (all) => void Object.assign(policy(all, "postgres-primary-netpol").ingress[0].ports[0], { endPort: 65535 }),
      /^Ingress open: Deployment gateway \(codelab\) to StatefulSet postgres-primary \(codelab\) on 8000\/TCP$/,
    ],
    [
      "without the ports of a rule",
      (all) => void delete policy(all, "gateway-netpol").ingress[0].ports,
      /^Ingress open: Deployment ingress-nginx-controller \(ingress-nginx\) to Deployment gateway/,
    ],
    [
      "that selects other pods",
      (all) => void Object.assign(policy(all, "redis-master-netpol").podSelector, { matchLabels: { app: "redis" } }),
      /^Ingress closed: .* to StatefulSet redis-master \(codelab\) on 6379\/TCP$/,
    ],
  ];
  for (const [what, change, expected] of cases) {
    it(`is noticed: ${what}`, async () => {
      const differences = await differencesAfter(change);
      assert.ok(
        differences.some((one) => expected.test(one)),
        differences.join("\n") || "no difference",
      );
    });
  }
});
