import { PolicyPack } from "@pulumi/policy";
import { serveWith } from "./analyzer-service.ts";
import { configurationErrors } from "./configuration.ts";
import { environmentKey, environmentOf, environmentVariable } from "./environment.ts";
import { policyOf } from "./policy.ts";
import { rules } from "./rules.ts";

const policies = rules.map(policyOf);

/** Gives every rule its level for the environment; the engine asks for the levels after it has announced the stack. */
function setLevels(stackSays?: string): void {
  const environment = environmentOf(stackSays, process.env[environmentVariable]);
  for (const [index, rule] of rules.entries())
    Object.assign(policies[index] ?? {}, { enforcementLevel: rule.levels[environment] });
}

try {
  setLevels(); // `pulumi policy analyze` announces no stack.
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

serveWith(
  {
    stack: (config) => setLevels(config.get(environmentKey)),
    configuration: (options) => {
      const errors = configurationErrors(rules, options);
      if (errors.length > 0) throw new Error(errors.join(" "));
    },
  },
  () =>
    new PolicyPack("keelson", { policies, description: "Kubernetes workloads, judged before anything is deployed." }),
);
