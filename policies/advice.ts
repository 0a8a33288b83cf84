import type { Judgement } from "./session.ts";

/** The environment variable that says how advice is told: `together`, one message a rule, or `each`. Default: together. */
export const adviceVariable = "KEELSON_POLICY_ADVICE";

/**
 * Advice that waits until all resources were judged, so that a rule which half of a stack breaks is one message and not
 * a hundred. What stops a deployment, and what cannot be told yet, never waits.
 */
export class Advice {
  readonly #together: boolean;
  #kept: Judgement[] = [];

  /** @param told how advice is told; the default is the environment's word. */
  constructor(told: string = process.env[adviceVariable] ?? "together") {
    if (told !== "together" && told !== "each")
      throw new Error(`${adviceVariable} is "${told}"; it must be one of together, each.`);
    this.#together = told === "together";
  }

  /** Keeps what can wait. @returns the rest. */
  keep(judgements: readonly Judgement[]): Judgement[] {
    const waits = ({ level, waiver, finding }: Judgement) =>
      this.#together && finding.verdict === "broken" && (level !== "mandatory" || waiver !== undefined);
    this.#kept.push(...judgements.filter(waits));
    return judgements.filter((judgement) => !waits(judgement));
  }

  /** Hands over what was kept, that of one rule and one waiver together and in the same order in every run, and keeps it no longer. */
  take(): [Judgement, ...Judgement[]][] {
    const place = ({ finding: { object, container = "", path = "" } }: Judgement) =>
      [object.resource?.urn ?? "", container, path].join("\n");
    const sorted = this.#kept.toSorted(
      (one, other) => Number(place(one) > place(other)) - Number(place(one) < place(other)),
    );
    const groups = Map.groupBy(sorted, ({ rule, waiver }) => `${rule.id} ${waiver?.reason ?? ""}`);
    this.#kept = [];
    return [...groups.values()] as [Judgement, ...Judgement[]][];
  }
}
