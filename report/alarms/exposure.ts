import type { Field } from "../../policies/kubernetes/field.ts";
import { added, type Changed, known, type Warning, warning } from "./alarm.ts";

/** What becomes reachable from outside: load balancers, node ports, host names, ports and networks of nodes, opened network policies. */
export function* exposure(object: Changed): Generator<Warning> {
  const { groupKind, old, now, operation } = object;
  if (groupKind === "networking.k8s.io/NetworkPolicy") {
    yield* policy(old, now, operation);
    return;
  }
  const ways = waysIn[groupKind];
  if (!ways || !now) return;
  const more = added(old ? (known(() => ways(old)) ?? []) : [], known(() => ways(now)) ?? []);
  if (more.length > 0) yield warning("exposure", "becomes reachable", more.join(", "));
}

/** By kind: the ways in that an object opens, as texts. */
const waysIn: Readonly<Record<string, (body: Field) => string[]>> = {
  "/Service": (body) => {
    const spec = body.at("spec");
    const type = spec.at("type").string;
    if (type !== "LoadBalancer" && type !== "NodePort") return spec.at("externalIPs").strings;
    const ranges = spec.at("loadBalancerSourceRanges").strings;
    const ports = spec.at("ports").list.map((port) => String(port.at("port").value));
    const from = type === "NodePort" ? "any node" : ranges.length > 0 ? ranges.join(" ") : "everybody";
    return [...ports.map((port) => `${type} port ${port} for ${from}`), ...spec.at("externalIPs").strings];
  },
  "networking.k8s.io/Ingress": (body) =>
    body
      .at("spec", "rules")
      .list.flatMap((rule) =>
        rule
          .at("http", "paths")
          .list.map((path) => `host ${rule.at("host").string ?? "any"}${path.at("path").string ?? "/"}`),
      ),
  "gateway.networking.k8s.io/Gateway": (body) =>
    body
      .at("spec", "listeners")
      .list.map((one) => `host ${one.at("hostname").string ?? "any"} port ${String(one.at("port").value)}`),
  "gateway.networking.k8s.io/HTTPRoute": (body) => body.at("spec", "hostnames").strings.map((host) => `host ${host}`),
  "apps/Deployment": podWays,
  "apps/StatefulSet": podWays,
  "apps/DaemonSet": podWays,
};

function podWays(body: Field): string[] {
  const spec = body.at("spec", "template", "spec");
  const containers = [...spec.at("containers").list, ...spec.at("initContainers").list];
  return [
    ...(spec.at("hostNetwork").value === true ? ["the network of its node"] : []),
    ...containers
      .flatMap((one) => one.at("ports").list)
      .flatMap((port) => port.at("hostPort").number ?? [])
      .map((port) => `port ${port} of its node`),
  ];
}

function* policy(old: Field | undefined, now: Field | undefined, operation: string): Generator<Warning> {
  if (operation === "delete") {
    yield warning("network", "is deleted: what it denied is allowed, unless another policy selects the same pods");
    return;
  }
  if (!now) return;
  const before = old && operation !== "create" ? known(() => allowed(old)) : undefined;
  const after = known(() => allowed(now)) ?? [];
  // A new policy takes traffic away, so only what lets everybody in, or out to anywhere by any port, is worth a word.
  const more = before
    ? added(before, after)
    : after.filter((one) => /^in from everybody|everybody.* every port$/.test(one));
  if (more.length > 0)
    yield warning("network", before ? "allows more than before" : "allows everybody", more.join("; "));
  const types = (field: Field) => field.at("spec", "policyTypes").strings;
  const dropped = old && known(() => added(types(now), types(old)));
  if (dropped && dropped.length > 0) yield warning("network", "no longer denies by default", dropped.join(", "));
}

/** Each peer with each port that a policy lets through, as a text. */
function allowed(body: Field): string[] {
  const spec = body.at("spec");
  return [...rules(spec.at("ingress"), "from", "in from"), ...rules(spec.at("egress"), "to", "out to")].sort();
}

function rules(list: Field, peers: "from" | "to", way: string): string[] {
  return list.list.flatMap((rule) => {
    const ports = rule.at("ports").list.map((port) => {
      const number = port.at("port").value;
      const end = port.at("endPort").value;
      return `port ${number === undefined ? "any" : String(number)}${end === undefined ? "" : `-${String(end)}`}`;
    });
    const others = rule.at(peers).list.map(peer);
    return (others.length > 0 ? others : ["everybody"]).flatMap((other) =>
      (ports.length > 0 ? ports : ["every port"]).map((port) => `${way} ${other} ${port}`),
    );
  });
}

function peer(field: Field): string {
  const cidr = field.at("ipBlock", "cidr").string;
  if (cidr !== undefined) {
    const except = field.at("ipBlock", "except").strings;
    const open = /^(0\.0\.0\.0|::)\/0$/.test(cidr) && except.length === 0;
    return open ? `everybody (${cidr})` : `${cidr}${except.length > 0 ? ` except ${except.join(" ")}` : ""}`;
  }
  const selector = (name: string) => {
    const one = field.at(name);
    if (!one.set) return undefined;
    const labels = Object.entries(one.at("matchLabels").texts).map(
      ([key, value]) => `${key.split("/").at(-1)}=${value}`,
    );
    const expressions = one.at("matchExpressions").list.map((expression) => JSON.stringify(expression.whole));
    return [...labels, ...expressions].sort().join(",") || "all";
  };
  const [pods, namespaces] = [selector("podSelector"), selector("namespaceSelector")];
  return [
    ...(pods === undefined ? [] : [`pods ${pods}`]),
    ...(namespaces === undefined ? [] : [`namespaces ${namespaces}`]),
  ].join(" in ");
}
