import type { KubernetesObject } from "./kubernetes/object.ts";
import { Stack } from "./kubernetes/stack.ts";
import { newestKubernetes } from "./kubernetes/version.ts";
import type { Setting } from "./remediation.ts";
import { defaultOptions, type Facts, type Finding, type Level, type Options, type Rule } from "./rule.ts";
import { isExpired, type Waiver, waiverFor } from "./waivers.ts";

/** A finding with what it means: who found it, and who allows it. */
export interface Judgement {
  readonly rule: Rule;
  readonly level: Level;
  readonly finding: Finding;
  /** The waiver that allows it, if one does. */
  readonly waiver?: Waiver;
}

/** How the rules are to judge. */
export interface Settings {
  readonly rules: readonly Rule[];
  /** The level of a rule; one that is disabled does not judge. */
  readonly levelOf: (rule: Rule) => Level;
  /** What is configured for a rule; defaults take the place of the rest. */
  readonly optionsOf?: (rule: Rule) => Options;
  readonly facts?: Facts;
  readonly waivers?: readonly Waiver[];
  /** Waivers that hold wherever they fit, and need not be used. */
  readonly standing?: readonly Waiver[];
  /** The day on which waivers must not have expired. */
  readonly today?: Date;
}

/**
 * Judges objects that belong together, remembering what of it rules about the judging itself need: waivers that were
 * used, and mandatory rules that could not tell.
 */
export class Session {
  readonly #settings: Settings;
  /** Those that somebody gave, and those that hold wherever they fit. */
  readonly #waivers: readonly Waiver[];
  readonly #used = new Set<Waiver>();
  readonly #told: Judgement[] = [];

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#waivers = [...(settings.waivers ?? []), ...(settings.standing ?? [])];
  }

  /** What a rule that sees single objects finds in one of them. */
  judgeObject(rule: Rule, object: KubernetesObject): Judgement[] {
    if (rule.sees !== "object" || !rule.appliesTo(object)) return [];
    return this.#weigh(rule, rule.judge(object, this.#options(rule), this.#facts));
  }

  /** What a rule would set right in an object: nothing where it is not to, or where a waiver lets it be broken. */
  settings(rule: Rule, object: KubernetesObject): readonly Setting[] {
    if (rule.sees !== "object" || !rule.settings || this.#settings.levelOf(rule) !== "remediate") return [];
    const broken = rule.judge(object, this.#options(rule), this.#facts);
    const isWaived = broken.some((finding) => waiverFor(this.#waivers, rule, finding) !== undefined);
    return broken.length === 0 || isWaived ? [] : rule.settings(object, this.#facts);
  }

  /** What a rule that sees them all finds. */
  judgeStack(rule: Rule, stack: Stack): Judgement[] {
    if (rule.sees !== "stack") return [];
    return this.#weigh(rule, rule.judge(stack, this.#options(rule), this.#facts));
  }

  /** What a rule about the judging itself finds, after all others have judged. */
  judgeJudging(rule: Rule): Judgement[] {
    if (rule.sees !== "judging") return [];
    const { waivers = [], today = new Date() } = this.#settings;
    return this.#weigh(
      rule,
      rule.judge({
        judgements: this.#told,
        waivers: waivers.map((waiver) => ({
          waiver,
          used: this.#used.has(waiver),
          expired: isExpired(waiver, today),
          off: this.#settings.rules.some((one) => one.id === waiver.rule && this.#settings.levelOf(one) === "disabled"),
        })),
      }),
    );
  }

  /** What all rules find in the given objects, in the order of the rules. */
  judgeAll(objects: readonly KubernetesObject[]): Judgement[] {
    const stack = new Stack(objects);
    const rules = this.#settings.rules.filter((rule) => this.#settings.levelOf(rule) !== "disabled");
    return rules.flatMap((rule) => {
      if (rule.sees === "object") return stack.objects.flatMap((object) => this.judgeObject(rule, object));
      return rule.sees === "stack" ? this.judgeStack(rule, stack) : this.judgeJudging(rule);
    });
  }

  get #facts(): Facts {
    return this.#settings.facts ?? { kubernetes: newestKubernetes };
  }

  #options(rule: Rule): Options {
    return { ...defaultOptions(rule), ...this.#settings.optionsOf?.(rule) };
  }

  #weigh(rule: Rule, found: readonly Finding[]): Judgement[] {
    const { today = new Date(), levelOf } = this.#settings;
    const judgements = found.map((finding): Judgement => {
      const judgement = { rule, level: levelOf(rule), finding };
      const waiver = waiverFor(this.#waivers, rule, finding);
      if (!waiver) return judgement;
      this.#used.add(waiver);
      return isExpired(waiver, today) ? judgement : { ...judgement, waiver };
    });
    for (const judgement of judgements) this.#told.push(judgement);
    return judgements;
  }
}
