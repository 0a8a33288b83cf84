import { parser } from "@prometheus-io/lezer-promql";

/** What a PromQL expression asks for. */
export interface Asked {
  /** Each selector: its metric and the labels that it matches by. */
  selectors: { metric: string; labels: string[] }[];
  /** Labels that results are grouped or joined by. */
  groupings: string[];
}

/** Reads an expression with Prometheus' own grammar. @throws where it is no PromQL. */
export function parsePromql(expression: string): Asked {
  // Grafana fills these in before it asks.
  const text = expression.replaceAll("$__rate_interval", "5m").replaceAll("$__range", "1h");
  const selectors: Asked["selectors"] = [];
  const groupings: string[] = [];
  const textOf = ({ from, to }: { from: number; to: number }) => text.slice(from, to);
  parser.parse(text).iterate({
    enter: ({ type, node }) => {
      if (type.isError) throw new Error(`no PromQL at ${node.from}: ${text}`);
      if (type.name === "VectorSelector") {
        const name = node.getChild("Identifier");
        const matchers = node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? [];
        const labels = matchers.flatMap((matcher) => matcher.getChildren("LabelName").map(textOf));
        selectors.push({ metric: name ? textOf(name) : "", labels });
      }
      if (type.name === "GroupingLabels") groupings.push(...node.getChildren("LabelName").map(textOf));
    },
  });
  return { selectors, groupings };
}
