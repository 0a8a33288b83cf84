import { containersOf } from "../../policies/kubernetes/containers.ts";
import { podSpecOf } from "../../policies/kubernetes/pod-spec.ts";
import { objectsOfResource } from "../../policies/kubernetes/pulumi-resource.ts";
import type { ResourceState } from "../events.ts";
import { type Changed, known, type Warning, warning } from "./alarm.ts";

/** Containers that run another image. */
export function* images({ before, after }: Changed): Generator<Warning> {
  if (!before || !after) return;
  const [old, now] = [imagesOf(before), imagesOf(after)];
  for (const [container, image] of now) {
    const was = old.get(container);
    if (was !== undefined && was !== image)
      yield warning("image", "runs another image", `container ${container}: ${was} → ${image}`);
  }
}

function imagesOf(state: ResourceState): Map<string, string> {
  const objects = objectsOfResource({
    type: state.type,
    props: state.inputs ?? {},
    name: state.urn,
    resource: { urn: state.urn },
  });
  const found = objects.flatMap((object) => {
    const pod = podSpecOf(object);
    return pod ? containersOf(pod) : [];
  });
  return new Map(found.map(({ name, field }) => [name, field.at("image").text ?? "[unknown]"]));
}

/** The chart's version as an object carries it among its labels: of the chart, else of what it deploys. */
export function chartVersion(field: Changed["old"]): string | undefined {
  const labels = field && known(() => field.at("metadata", "labels").texts);
  return labels?.["helm.sh/chart"] ?? labels?.chart ?? labels?.["app.kubernetes.io/version"];
}
