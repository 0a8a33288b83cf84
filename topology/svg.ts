import { Graphviz } from "@hpcc-js/wasm-graphviz";
import type { Drawing, DrawnNode, NodeKind } from "./drawing.ts";

/** Fonts of which every machine has one or its likeness. */
const fonts = "Helvetica,Arial,sans-serif";
/** The font that boxes are measured for: wider than those, so that text fits whichever it is drawn in. */
const measured = "DejaVu Sans";
const ink = "#1f2328";

/** Dark outlines on light fills, so that the text keeps a contrast of more than 10 to 1. */
const styles: Record<NodeKind, string> = {
  service: 'shape=box, style="rounded,filled", fillcolor="#ddeaff", color="#1a56a0"',
  job: 'shape=box, style="rounded,dashed,filled", fillcolor="#ddeaff", color="#1a56a0"',
  data: 'shape=cylinder, style=filled, fillcolor="#dff3e3", color="#1f7a3a", margin="0.25,0.1"',
  addon: 'shape=box, style=filled, fillcolor="#eef0f2", color="#57606a"',
  ingress: 'shape=cds, style=filled, fillcolor="#efe4fb", color="#6b3fa0", margin="0.25,0.1"',
  cluster: 'shape=hexagon, style=filled, fillcolor="#fdf1d8", color="#8a5a00"',
  outside: 'shape=box, style="dashed,rounded", color="#57606a"',
};

/** The drawing as an SVG document. The same drawing gives the same bytes. */
export async function svg(drawing: Drawing): Promise<string> {
  const graphviz = await Graphviz.load();
  const laidOut = graphviz.dot(dot(drawing), "svg");
  const picture = laidOut
    .slice(laidOut.indexOf("<svg"))
    .replace(/<!--[\s\S]*?-->\n?/g, "")
    .replaceAll(`font-family="${measured}"`, `font-family="${fonts}"`);
  const [begin = ""] = /^<svg[^>]*>\n?/.exec(picture) ?? [];
  const head = begin.replace("<svg", '<svg role="img" aria-labelledby="title description"').trimEnd();
  return `${head}
<title id="title">${escapeXml(drawing.title)}</title>
<desc id="description">${escapeXml(description(drawing))}</desc>
${picture.slice(begin.length).trimEnd()}
`;
}

/** What the picture shows in words, for those who do not see it. */
export function description({ legend, namespaces, outside, edges }: Drawing): string {
  const names = new Map(
    [...namespaces.flatMap(({ nodes }) => nodes), ...outside].map(({ id, lines }) => [id, lines[0] ?? id]),
  );
  return [
    legend,
    ...edges.map(({ from, to, lines }) => {
      const through = lines.length ? ` (${lines.join(", ")})` : "";
      return `${names.get(from)} to ${names.get(to)}${through}.`;
    }),
  ].join(" ");
}

function dot({ title, legend, namespaces, outside, edges }: Drawing): string {
  const names = new Map([...namespaces.flatMap(({ nodes }) => nodes), ...outside].map(({ id }) => [id, nodeName(id)]));
  const node = ({ id, kind, lines }: DrawnNode) => `${names.get(id)} [label=${text(lines)}, ${styles[kind]}];`;
  return [
    "digraph topology {",
    `  graph [label=${text([title, legend])}, labelloc=t, fontsize=14, rankdir=LR, bgcolor=white, ranksep=0.8, nodesep=0.4, pad=0.3];`,
    `  graph [fontname="${measured}", fontcolor="${ink}"];`,
    `  node [fontname="${measured}", fontcolor="${ink}", fontsize=12];`,
    `  edge [fontname="${measured}", fontcolor="${ink}", fontsize=10, color="#57606a", arrowsize=0.7];`,
    ...namespaces.flatMap(({ label, nodes }, index) => [
      `  subgraph cluster_${index} {`,
      `    label=${text([label])}; labeljust=l; color="#8c959f"; style=rounded;`,
      ...nodes.map((one) => `    ${node(one)}`),
      "  }",
    ]),
    ...outside.map((one) => `  ${node(one)}`),
    ...edges.map(({ from, to, lines }) => {
      const label = lines.length ? ` [label=${text(lines)}]` : "";
      return `  ${names.get(from)} -> ${names.get(to)}${label};`;
    }),
    "}",
  ].join("\n");
}

/** A name for Graphviz, which becomes the title of the node in the picture. */
function nodeName(id: string): string {
  return `"${id.replace(/[^-\w ./:]/g, "_")}"`;
}

/** Lines as a quoted string in DOT, in which `\` and `&` begin escapes. */
function text(lines: string[]): string {
  const escaped = lines.map((line) =>
    line.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("&", "&amp;").replace(/\s+/g, " "),
  );
  return `"${escaped.join("\\n")}"`;
}

function escapeXml(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
