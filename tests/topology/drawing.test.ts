import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { groupKey, isPodGroup, type Relation } from "../../components/model/relations.ts";
import { environments, type PlatformModel } from "../../components/model/system.ts";
import { relationGraph } from "../../components/network/relation-graph.ts";
import { systems } from "../../systems/index.ts";
import { type Drawing, drawing } from "../../topology/drawing.ts";
import { mermaid } from "../../topology/mermaid.ts";
import { modelOf } from "../../topology/model.ts";
import { pictures } from "../../topology/pictures.ts";
import { description, svg } from "../../topology/svg.ts";

const nodes = ({ namespaces, outside }: Drawing) => [...namespaces.flatMap((one) => one.nodes), ...outside];

/** Whether the picture shows a relation between pods: an arrow, or two with an Ingress between. */
function shows({ edges }: Drawing, from: string, to: string, port: number): boolean {
  const says = (lines: string[]) => lines.some((line) => new RegExp(`\\b${port}\\b`).test(line));
  return edges.some(
    (edge) =>
      edge.to === to &&
      says(edge.lines) &&
      (edge.from === from ||
        (edge.from.startsWith("ingress ") && edges.some((way) => way.from === from && way.to === edge.from))),
  );
}

for (const system of Object.keys(systems)) {
  for (const environment of environments) {
    describe(`the drawing of ${system} in ${environment}`, () => {
      const model = modelOf(systems, system, environment);
      const picture = drawing(model);

      it("shows every relation, with its ports", () => {
        for (const { from, to, ports } of relationGraph(model)) {
          if (!isPodGroup(from) || !isPodGroup(to)) continue;
          for (const { port } of ports)
            assert.ok(shows(picture, groupKey(from), groupKey(to), port), `${from.id} to ${to.id}:${port}`);
        }
      });

      it("has an arrow only where a relation is", () => {
        const related = (from: string, to: string) =>
          relationGraph(model).some(
            (one: Relation) =>
              (!isPodGroup(one.from) || groupKey(one.from) === from) &&
              (!isPodGroup(one.to) || groupKey(one.to) === to),
          );
        for (const { from, to } of picture.edges)
          if (!from.startsWith("ingress ") && !to.startsWith("ingress "))
            assert.ok(related(from, to), `${from} to ${to}`);
      });

      it("has every service, every end of an arrow once, and no namespace without content", () => {
        const ids = nodes(picture).map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length);
        for (const name of Object.keys(model.services)) assert.ok(ids.includes(`${model.namespace}/${name}`), name);
        for (const { from, to } of picture.edges) assert.ok(ids.includes(from) && ids.includes(to), `${from} to ${to}`);
        for (const { nodes: inside } of picture.namespaces) assert.ok(inside.length);
      });
    });
  }
}

describe("the drawing of CodeLab", () => {
  const model = modelOf(systems, "codelab", "prod");

  it("leads from anyone through controller and Ingress to the services", () => {
    const { edges } = drawing(model);
    const arrows = edges.map(({ from, to, lines }) => `${from} > ${to}: ${lines}`);
    for (const arrow of [
      "anyone > ingress-nginx/ingress-nginx-controller: HTTP and HTTPS 80, 443",
      "ingress-nginx/ingress-nginx-controller > ingress codelab-ingress: ",
      "ingress codelab-ingress > codelab/gateway: /api/v1 to 8000",
      "ingress codelab-ingress > codelab/auth-service: /oauth to 8003",
      "codelab/agent-runtime > internet api.openai.com: 443",
      "cert-manager/cert-manager > api-server: 443, 6443",
    ])
      assert.ok(arrows.includes(arrow.replace("anyone", "anywhere")), `${arrow}\n${arrows.join("\n")}`);
  });

  it("keeps a service apart from an add-on's pods of the same name", () => {
    const { gateway } = model.services;
    assert.ok(gateway);
    const picture = drawing({ ...model, services: { ...model.services, prometheus: gateway } });
    const there = nodes(picture).filter(({ lines: [name] }) => name === "prometheus");
    assert.deepEqual(there.map(({ id, kind }) => `${kind} ${id}`).sort(), [
      "addon monitoring/prometheus",
      "service codelab/prometheus",
    ]);
    assert.ok(
      !picture.edges.some(({ from, lines }) => from === "codelab/prometheus" && `${lines}`.includes("metrics")),
    );
  });

  it("says which namespaces are another stack's", () => {
    const ingressNginx = {
      ...model.addons.ingressNginx,
      ownership: "present",
    } as PlatformModel["addons"]["ingressNginx"];
    const { namespaces } = drawing({ ...model, addons: { ...model.addons, ingressNginx } });
    assert.deepEqual(
      namespaces.map(({ label }) => label),
      [
        "namespace codelab",
        "namespace cert-manager",
        "namespace ingress-nginx (another stack's)",
        "namespace monitoring",
        "namespace velero",
      ],
    );
  });
});

describe("what is drawn", () => {
  const hostile = `"];</text><script>&amp;\\`;
  const odd: Drawing = {
    title: hostile,
    legend: hostile,
    namespaces: [{ name: hostile, label: hostile, nodes: [{ id: hostile, kind: "service", lines: [hostile, "b"] }] }],
    outside: [{ id: "other", kind: "data", lines: ["c"] }],
    edges: [{ from: hostile, to: "other", lines: [hostile] }],
  };

  it("is the same text in SVG whatever it holds, and no markup", async () => {
    const picture = await svg(odd);
    assert.ok(!picture.includes("<script"), picture);
    const texts = [...picture.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) => decode(text));
    assert.equal(texts.filter((text) => text === hostile).length, 5, texts.join("\n"));
    assert.ok(picture.includes("&lt;/text&gt;&lt;script&gt;&amp;amp;"));
  });

  it("is no markup in Mermaid either", () => {
    const lines = mermaid(odd).split("\n").slice(3);
    for (const line of lines) assert.doesNotMatch(line.replaceAll("<br>", ""), /[<&\\]|"[^"|]*"[^"]*"/, line);
  });

  it("has a title and a description for those who do not see it", async () => {
    const picture = await svg(drawing(modelOf(systems, "codelab", "dev")));
    assert.match(picture, /^<svg role="img" aria-labelledby="title description"/);
    assert.match(picture, /<title id="title">CodeLab in dev<\/title>/);
    assert.match(description(drawing(modelOf(systems, "codelab", "dev"))), /gateway to agent-runtime \(8001\)\./);
  });

  it("is the same bytes each time", async () => {
    const once = () => svg(drawing(modelOf(systems, "codelab", "prod")));
    assert.equal(await once(), await once());
  });
});

describe("the pictures in docs/systems", () => {
  it("are up to date; `npm run generate` writes them", async () => {
    const files = await pictures(systems);
    for (const [path, content] of Object.entries(files))
      assert.ok(existsSync(path) && readFileSync(path, "utf8") === content, path);
    assert.deepEqual(
      globSync("docs/systems/*.svg")
        .map((path) => basename(path))
        .sort(),
      Object.keys(files)
        .map((path) => basename(path))
        .sort(),
    );
  });
});

function decode(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&#45;", "-")
    .replaceAll("&amp;", "&");
}
