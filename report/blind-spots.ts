import type { EngineEvent } from "./events.ts";
import { fieldChanges, hasUnknown } from "./fields.ts";
import type { BlindSpot, Finding, Pack } from "./model.ts";
import { calledOf, nameOfUrn, type Resource, rendererTypes } from "./resources.ts";
import { mask } from "./secrecy.ts";

/** What a run could not see, so that silence about it is not taken for approval. */
export function blindSpotsOf(run: {
  events: readonly EngineEvent[];
  resources: readonly Resource[];
  findings: readonly Finding[];
  packs: readonly Pack[];
  /** Whether a policy pack was asked for. */
  packWanted: boolean;
}): BlindSpot[] {
  const { events, resources, findings, packs, packWanted } = run;
  const spot = (kind: BlindSpot["kind"], message: string, places: readonly string[]): BlindSpot[] =>
    places.length > 0 ? [{ kind, message, places: [...new Set(places)].sort() }] : [];
  const always = (kind: BlindSpot["kind"], message: string, when: boolean): BlindSpot[] =>
    when ? [{ kind, message, places: [] }] : [];
  const summary = events.find(({ summaryEvent }) => summaryEvent)?.summaryEvent;
  const said = events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent && diagnosticEvent.severity !== "debug" ? [diagnosticEvent.message] : [],
  );
  const touched = resources.filter(({ operation }) => operation !== "same");
  const parents = new Set(resources.map(({ after, before }) => (after ?? before)?.parent));
  const empty = resources.filter(({ type, urn, after }) => after && rendererTypes.test(type) && !parents.has(urn));
  return [
    ...always(
      "not-finished",
      "The run did not end by itself: nothing after the point where it stopped is known",
      !summary,
    ),
    ...always("pack", "No policy pack judged this run", packWanted && packs.length === 0),
    ...packs.flatMap(({ name, missing }) =>
      spot("pack", `Rules of the pack ${name} that had something to judge and did not`, missing),
    ),
    ...spot(
      "chart",
      "Charts that rendered nothing: a value of theirs is not known yet, and nothing of them was judged",
      empty.map(({ urn }) => nameOfUrn(urn)),
    ),
    ...always(
      "cluster",
      "The cluster could not be asked: objects are compared with the state, and nothing was validated by the API server",
      said.some((text) =>
        /cluster (is )?(currently )?unreachable|unreachable: unable to load|cannot be asked|connection refused|no such host|i\/o timeout/i.test(
          text,
        ),
      ),
    ),
    ...spot(
      "unknown",
      "Objects with values that are not known before the update",
      touched.filter(({ after }) => after && hasUnknown(after.inputs)).map(calledOf),
    ),
    ...spot(
      "rule",
      "Rules that could not judge some objects yet",
      findings.filter(({ verdict }) => verdict === "cannot tell").map(({ rule }) => rule),
    ),
    ...spot(
      "secret",
      "Objects of which a secret value may change without being shown",
      touched
        .filter(
          (one) =>
            one.operation === "update" &&
            fieldChanges(one).some(({ before, after }) => before === mask && after === mask),
        )
        .map(calledOf),
    ),
    ...spot(
      "hook",
      "Charts that change: hooks of theirs, if any, are not rendered and do not run",
      touched.flatMap(({ chart }) => (chart === undefined ? [] : [nameOfUrn(chart)])),
    ),
  ];
}
