import { type Environment, environments } from "./rule.ts";

/** The key of a stack's configuration that says which environment the stack is. */
export const environmentKey = "keelson:environment";
/** The environment variable that says it where no stack does, as in `pulumi policy analyze`. */
export const environmentVariable = "KEELSON_ENVIRONMENT";

/**
 * The environment whose levels apply: what the stack's configuration says, else the environment variable, else prod,
 * so that nothing is lenient by accident.
 * @throws Error in one line if the value is none of the {@link environments}
 */
export function environmentOf(stackSays: string | undefined, variableSays: string | undefined): Environment {
  if (stackSays) return checked(stackSays, `${environmentKey} in the stack's configuration`);
  if (variableSays) return checked(variableSays, `the environment variable ${environmentVariable}`);
  return "prod";
}

function checked(value: string, source: string): Environment {
  const environment = environments.find((known) => known === value);
  if (!environment) throw new Error(`${source} is "${value}"; it must be one of ${environments.join(", ")}.`);
  return environment;
}
