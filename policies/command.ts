import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { chartNeeds } from "./chart-needs.ts";
import { configurationErrors, levelErrors, optionErrors } from "./configuration.ts";
import { environmentOf, environmentVariable } from "./environment.ts";
import { kubernetesVersion, newestKubernetes } from "./kubernetes/version.ts";
import { readManifests } from "./manifests.ts";
import { describe, sentence } from "./message.ts";
import { type Environment, environments, type Level, type Options, type Rule } from "./rule.ts";
import { rules } from "./rules.ts";
import { sarif } from "./sarif.ts";
import { type Judgement, Session } from "./session.ts";
import { readWaivers } from "./waivers.ts";

const help = `npm run --silent policy -- [options] PATH…

Judges Kubernetes manifests with the rules of the policy pack, all of them together: files, folders, - for standard input.

  --environment E          the levels of dev, staging or prod; default ${environmentVariable}, else prod
  --all                    every rule, also those that are disabled in the environment, with no waiver but your own
  --rule R                 only this rule; may be given several times
  --kubernetes-version V   the cluster's version, default 1.${newestKubernetes.minor}
  --config FILE            levels, options and waivers, as for pulumi preview --policy-pack-config
  --json                   an array of findings
  --sarif                  SARIF 2.1.0
  --help                   this text

Ends with status 0 if no rule is broken, 1 if one is, 2 if it could not judge, or not all: what could be read is judged all the same.`;

/** What keeps the command from judging; its message is all that people see. */
class BadUse extends Error {}

/**
 * Runs the command with the given words.
 * @returns its exit status
 */
export async function policyCommand(words: string[]): Promise<number> {
  try {
    return await run(words);
  } catch (error) {
    if (!(error instanceof BadUse)) throw error;
    console.error(`policy: ${error.message}`);
    return 2;
  }
}

async function run(words: string[]): Promise<number> {
  const { values, positionals } = wordsOf(words);
  if (values.help) {
    console.log(help);
    return 0;
  }
  if (positionals.length === 0) throw new BadUse(`there is nothing to judge\n\n${help}`);
  if (values.json && values.sarif) throw new BadUse("--json and --sarif exclude each other");
  const chosen = chosenRules(values.rule);
  const environment = attempt(() =>
    environmentOf(environmentWord(values.environment), process.env[environmentVariable]),
  );
  const facts = {
    kubernetes: attempt(() => kubernetesVersion(values["kubernetes-version"] ?? `1.${newestKubernetes.minor}`)),
    environment,
  };
  const { levelOf, optionsOf, waivers } = await configuration(values.config, environment);
  const everything = values.all || values.rule !== undefined;
  const { objects, errors } = await readManifests(positionals, process.stdin);
  const unread = errors.join("\n        ");
  if (unread && objects.length === 0) throw new BadUse(unread);
  const session = new Session({
    rules: chosen,
    levelOf: (rule) => (everything && levelOf(rule) === "disabled" ? "advisory" : levelOf(rule)),
    optionsOf,
    facts,
    standing: everything ? [] : chartNeeds,
    waivers: waivers.filter(({ rule }) => chosen.some(({ id }) => id === rule)),
  });
  const judgements = session.judgeAll(objects);
  if (values.json) await print(JSON.stringify(judgements.map(asJson), null, 2));
  else if (values.sarif) await print(JSON.stringify(sarif(chosen, judgements), null, 2));
  else await print(asText(judgements, objects.length));
  if (unread) throw new BadUse(`${unread}\n        The rest was judged without it.`);
  return judgements.some(isBroken) ? 1 : 0;
}

function wordsOf(words: string[]) {
  try {
    return parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        environment: { type: "string" },
        all: { type: "boolean" },
        rule: { type: "string", multiple: true },
        "kubernetes-version": { type: "string" },
        config: { type: "string" },
        json: { type: "boolean" },
        sarif: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new BadUse(`${error instanceof Error ? error.message : error}\n\n${help}`);
  }
}

function chosenRules(names: readonly string[] | undefined): readonly Rule[] {
  if (!names) return rules;
  const errors = configurationErrors(
    rules,
    names.map((name) => [name, {}] as const),
  );
  if (errors.length > 0) throw new BadUse(errors.join(" "));
  return rules.filter(({ id }) => names.includes(id));
}

function environmentWord(word: string | undefined): Environment | undefined {
  if (word === undefined) return undefined;
  const known = environments.find((environment) => environment === word);
  if (!known) throw new BadUse(`there is no environment "${word}"; it must be one of ${environments.join(", ")}`);
  return known;
}

function attempt<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new BadUse(error instanceof Error ? error.message : String(error));
  }
}

const levels: readonly unknown[] = ["disabled", "advisory", "mandatory", "remediate"];

/** What a configuration file says, in the format that the engine reads. */
async function configuration(file: string | undefined, environment: Environment) {
  const given: unknown = file === undefined ? {} : await configFile(file);
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new BadUse(`${file}: must be a map of rules`);
  const configured = new Map<string, Options>();
  const configuredLevels = new Map<string, Level>();
  const errors: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== "string" && (typeof value !== "object" || value === null || Array.isArray(value))) {
      errors.push(`"${name}": must be a level or a map of options.`);
      continue;
    }
    const { enforcementLevel: level, ...options } = typeof value === "string" ? { enforcementLevel: value } : value;
    if (level !== undefined && !levels.includes(level))
      errors.push(`"${name}": there is no level "${level}"; it must be one of ${levels.join(", ")}.`);
    configured.set(name, options);
    if (level !== undefined) configuredLevels.set(name, level);
  }
  const { waivers, errors: wrongWaivers } = readWaivers(configured.get("waiver-valid")?.waivers, rules);
  errors.push(
    ...configurationErrors(rules, configured),
    ...levelErrors(rules, configuredLevels, environment),
    ...rules.flatMap((rule) => optionErrors(rule, configured.get(rule.id) ?? {})),
    ...wrongWaivers,
  );
  if (errors.length > 0) throw new BadUse(`${file}: ${errors.join(" ")}`);
  return {
    levelOf: (rule: Rule): Level =>
      configuredLevels.get(rule.id) ?? configuredLevels.get("all") ?? rule.levels[environment],
    optionsOf: (rule: Rule): Options => configured.get(rule.id) ?? {},
    waivers,
  };
}

async function configFile(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new BadUse(`${file}: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
  }
}

function isBroken({ finding, waiver }: Judgement): boolean {
  return finding.verdict === "broken" && !waiver;
}

function asJson({ rule, level, finding, waiver }: Judgement): unknown {
  const { object, verdict, container, path, remedy } = finding;
  return {
    rule: rule.id,
    verdict,
    severity: rule.severity,
    level,
    file: object.file ?? null,
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace: object.namespace ?? null,
    name: object.name,
    container: container ?? null,
    path,
    message: sentence(finding),
    remedy: remedy ?? rule.remedy,
    ...(waiver ? { waiver } : {}),
  };
}

function asText(judgements: readonly Judgement[], objects: number): string {
  const told = judgements.map(
    ({ rule, level, finding, waiver }) =>
      `${finding.object.file ?? ""}: [${level}] ${rule.id} (${rule.severity}): ${describe(rule, finding, waiver).replaceAll("\n", "\n  ")}\n`,
  );
  const count = (test: (judgement: Judgement) => boolean) => judgements.filter(test).length;
  const sum = [
    `${count(isBroken)} broken`,
    `${count(({ finding }) => finding.verdict === "cannot tell")} not to be told yet`,
    `${count(({ waiver }) => waiver !== undefined)} waived`,
  ];
  return `${told.join("\n")}${told.length > 0 ? "\n" : ""}${objects} objects: ${sum.join(", ")}.`;
}

/** Writes all of a text, also into a pipe that is slower; whoever reads may stop to. */
function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: NodeJS.ErrnoException | null) => (error && error.code !== "EPIPE" ? reject(error) : resolve());
    process.stdout.once("error", end);
    process.stdout.write(`${text}\n`, end);
  });
}

if (import.meta.main) process.exitCode = await policyCommand(process.argv.slice(2));
