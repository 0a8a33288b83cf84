import type { Drawing, DrawnNode, NodeKind } from "./drawing.ts";

const shapes: Record<NodeKind, readonly [string, string]> = {
  service: ["(", ")"],
  job: ["[[", "]]"],
  data: ["[(", ")]"],
  addon: ["[", "]"],
  ingress: [">", "]"],
  cluster: ["{{", "}}"],
  outside: ["([", "])"],
};

/** The drawing as a Mermaid flowchart, which GitHub and GitLab show in Markdown. */
export function mermaid({ title, namespaces, outside, edges }: Drawing): string {
  const all = [...namespaces.flatMap(({ nodes }) => nodes), ...outside];
  const names = new Map(all.map(({ id }, index) => [id, `n${index}`]));
  const node = ({ id, kind, lines }: DrawnNode) => `${names.get(id)}${shapes[kind][0]}${text(lines)}${shapes[kind][1]}`;
  return `${[
    "---",
    `title: ${JSON.stringify(title)}`,
    "---",
    "flowchart LR",
    ...namespaces.flatMap(({ label, nodes }, index) => [
      `  subgraph s${index} [${text([label])}]`,
      ...nodes.map((one) => `    ${node(one)}`),
      "  end",
    ]),
    ...outside.map((one) => `  ${node(one)}`),
    ...edges.map(({ from, to, lines }) => {
      const label = lines.length ? `|${text(lines)}|` : "";
      return `  ${names.get(from)} -->${label} ${names.get(to)}`;
    }),
  ].join("\n")}\n`;
}

/** Lines as a quoted Mermaid string; everything that could end it or be read as markup becomes an entity. */
function text(lines: string[]): string {
  const escaped = lines.map((line) => line.replace(/[^-\w .,:/()]/g, (sign) => `#${sign.codePointAt(0)};`));
  return `"${escaped.join("<br>")}"`;
}
