import { advisoryFrom, type Rule } from "../rule.ts";

export const ruleUnevaluated: Rule = {
  id: "rule-unevaluated",
  title: "Every mandatory rule could be judged",
  severity: "high",
  levels: advisoryFrom("dev"),
  what: "No rule that is mandatory waits for a value that is not known yet. Each rule also tells where it waits; this one counts, so that a preview that could not see something is not taken for one that found nothing. Made mandatory, it refuses such a preview.",
  why: "During a preview not every value is known, and what is not known cannot be judged before `pulumi up` knows it.",
  remedy: "Use values that are known during preview, for example the fixed name of a Secret in place of its content.",
  sources: ["https://github.com/pulumi/pulumi-policy/issues/258"],
  sees: "judging",
  judge: ({ judgements }) => {
    const waiting = judgements.filter(
      ({ level, finding }) => level === "mandatory" && finding.verdict === "cannot tell",
    );
    return [...Map.groupBy(waiting, ({ rule }) => rule)].flatMap(([rule, [first, ...more]]) =>
      first
        ? [
            {
              verdict: "broken" as const,
              object: first.finding.object,
              path: first.finding.path,
              problem: `keeps ${rule.id} from being judged${more.length > 0 ? `, as ${more.length} more values do` : ""}`,
            },
          ]
        : [],
    );
  },
};
