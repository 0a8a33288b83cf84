import { addonRelations, challengeRelations, ingressController } from "../edge/addon-relations.ts";
import { platformRelations } from "../model/platform-relations.ts";
import type { Relation } from "../model/relations.ts";
import type { PlatformModel } from "../model/system.ts";
import { scrapeRelations } from "../observability/monitoring-relations.ts";

/** What a system's own pods say to each other, to add-ons and to the world, and are told. */
export function systemRelations(model: PlatformModel): Relation[] {
  return [
    ...platformRelations(model, ingressController(model.addons)),
    ...scrapeRelations(model),
    ...(Object.keys(model.ingresses).length ? challengeRelations(model.addons, model.namespace) : []),
  ];
}

/** The whole graph of a stack: the system's relations and those of the add-ons that it owns. All else is denied. */
export function relationGraph(model: PlatformModel): Relation[] {
  return [...systemRelations(model), ...addonRelations(model.addons)];
}
