import { PolicyPack } from "@pulumi/policy";
import { Advice } from "./advice.ts";
import { serveWith } from "./analyzer-service.ts";
import { chartNeeds } from "./chart-needs.ts";
import { configurationErrors, levelErrors } from "./configuration.ts";
import { environmentKey, environmentOf, environmentVariable } from "./environment.ts";
import type { KubernetesObject } from "./kubernetes/object.ts";
import { objectsOfResource, type PulumiResource } from "./kubernetes/pulumi-resource.ts";
import { Stack } from "./kubernetes/stack.ts";
import { kubernetesVersion, newestKubernetes } from "./kubernetes/version.ts";
import { policyOf } from "./policy.ts";
import type { Environment, Level, Options, Rule } from "./rule.ts";
import { rules } from "./rules.ts";
import { Session } from "./session.ts";
import { readWaivers, type Waiver } from "./waivers.ts";

/** The environment variable that says which version of Kubernetes the cluster has. */
const versionVariable = "KEELSON_KUBERNETES_VERSION";

let environment: Environment;
let configured: ReadonlyMap<string, Options> = new Map();
let configuredLevels: ReadonlyMap<string, Level> = new Map();
let waivers: readonly Waiver[] = [];
let session: Session;
let stack = new Stack([]);
const objects = new Map<string, readonly KubernetesObject[]>();
let advice: Advice;
const policies = rules.map((rule) => policyOf(rule, () => ({ session, objects, stack, advice })));

function levelOf(rule: Rule): Level {
  return configuredLevels.get(rule.id) ?? rule.levels[environment];
}

function resource(resource: PulumiResource): readonly KubernetesObject[] {
  const own = objectsOfResource(resource);
  objects.set(resource.resource.urn, own);
  return own;
}

/** Gives every rule its level for the environment; the engine asks for the levels after it has announced the stack. */
function begin(stackSays?: string): void {
  environment = environmentOf(stackSays, process.env[environmentVariable]);
  const version = process.env[versionVariable];
  const facts = { kubernetes: version ? kubernetesVersion(version) : newestKubernetes, environment };
  for (const [index, rule] of rules.entries())
    Object.assign(policies[index] ?? {}, { enforcementLevel: rule.levels[environment] });
  session = new Session({
    rules,
    levelOf,
    optionsOf: (rule) => configured.get(rule.id) ?? {},
    facts,
    waivers,
    standing: chartNeeds,
  });
}

try {
  advice = new Advice();
  begin(); // `pulumi policy analyze` announces no stack.
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

serveWith(
  {
    stack: (config) => {
      configuredLevels = new Map();
      begin(config.get(environmentKey));
    },
    configuration: (options, levels) => {
      const read = readWaivers(options.get("waiver-valid")?.waivers, rules);
      const errors = [
        ...configurationErrors(rules, options),
        ...levelErrors(rules, levels, environment),
        ...read.errors,
      ];
      if (errors.length > 0) throw new Error(errors.join(" "));
      configured = options;
      configuredLevels = levels;
      waivers = read.waivers;
      begin(environment);
    },
    resource,
    isWrong: (decoded) => {
      if (!rules.some((rule) => levelOf(rule) === "remediate")) return false;
      return resource(decoded()).some((object) => rules.some((rule) => session.settings(rule, object).length > 0));
    },
    // Outputs have what the API server fills in, such as one replica; what the program says are the inputs. The engine's order
    // differs from run to run, and so would the messages.
    resources: (resources) => {
      stack = new Stack(
        resources
          .toSorted((one, other) => (one.resource.urn < other.resource.urn ? -1 : 1))
          .flatMap(
            ({ resource, ...rest }) =>
              objects.get(resource.urn)?.map((object) => ({ ...object, resource })) ??
              objectsOfResource({ resource, ...rest }),
          ),
      );
    },
  },
  () =>
    new PolicyPack("keelson", { policies, description: "Kubernetes workloads, judged before anything is deployed." }),
);
