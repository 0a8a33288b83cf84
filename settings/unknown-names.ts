import { dataStoreOverrideSchema, dataStoreSchema } from "../components/model/data-store-schema.ts";
import { own } from "../components/model/own.ts";
import { oneOf } from "../components/model/problems.ts";
import type { Problem, SystemInput } from "../components/model/system.ts";
import type { StackSettings } from "./schema.ts";

/** What a stack may change of a system by its name. */
const words = {
  services: "service",
  jobs: "job",
  volumes: "shared volume",
  data: "data store",
  configs: "config",
} as const;

/** What a stack changes and its system does not have. Laid over the system it would be a part that lacks everything else. */
export function unknownNames(settings: StackSettings, system: SystemInput): Problem[] {
  const kinds = Object.keys(words) as (keyof typeof words)[];
  return [
    ...kinds.flatMap((kind) =>
      unknown([kind], `${system.title} has no ${words[kind]}`, settings[kind], Object.keys(system[kind] ?? {})),
    ),
    ...Object.entries(settings.services ?? {}).flatMap(([name, over]) => ofService(name, over, system)),
    ...Object.entries(settings.data ?? {}).flatMap(([name, over]) => ofStore(name, over, system)),
  ];
}

function ofService(
  name: string,
  { volumes, blueGreen }: NonNullable<StackSettings["services"]>[string],
  { services = {} }: SystemInput,
): Problem[] {
  const service = own(services, name);
  if (!service) return [];
  const claims = Object.entries(service.volumes ?? {}).flatMap(([volume, claim]) => ("size" in claim ? [volume] : []));
  const problems = unknown(["services", name, "volumes"], `service "${name}" has no claim`, volumes, claims);
  if (blueGreen && !service.blueGreen)
    problems.push({
      path: ["services", name, "blueGreen"],
      message: `service "${name}" has no blue-green releases`,
      fix: "remove it",
    });
  return problems;
}

/** Some fields are of one engine alone. */
function ofStore(name: string, over: object, { data = {} }: SystemInput): Problem[] {
  const store = own(data, name);
  const engine = dataStoreSchema.options.find(({ shape }) => shape.engine.value === store?.engine);
  if (!engine) return [];
  const fields = Object.keys(dataStoreOverrideSchema.shape).filter((field) => Object.hasOwn(engine.shape, field));
  return unknown(["data", name], `a store of ${engine.shape.engine.value} has no`, over, fields);
}

function unknown(path: string[], lacks: string, given: object = {}, names: string[]): Problem[] {
  return Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => ({ path: [...path, name], message: `${lacks} "${name}"`, fix: oneOf(name, names) }));
}
