import { type Release, releaseTracks } from "../model/release.ts";
import type { Workload } from "./workload.ts";

/** One set of pods of a service. There is one, and a second while a blue-green release is under way. */
export interface TrackWorkload {
  workload: Workload;
  /** Whether the service's traffic goes there. */
  active: boolean;
  /** Which smoke check it must have passed before it gets traffic. */
  check?: number;
  /**
   * How many pods there are although the service has an autoscaler: pods that wait for the traffic have no load that it could
   * go by, so there are as many as the active ones.
   */
  replicas?: number;
}

/** A service's sets of pods: the one with the traffic first, then the idle one where there is one. */
export function trackWorkloads(
  workload: Workload,
  release: Release | undefined,
): [TrackWorkload] | [TrackWorkload, TrackWorkload] {
  if (!workload.blueGreen) return [{ workload, active: true }];
  const [first, second] = releaseTracks(workload.image, release).map(
    ({ color, image, active, check }): TrackWorkload => ({
      workload: { ...workload, color, image },
      active,
      ...(check ? { check } : {}),
      ...(check && !active && workload.autoscaling ? { replicas: releaseMinimum(workload, release) } : {}),
    }),
  );
  if (!first) return [{ workload, active: true }];
  return second ? [first, second] : [first];
}

/** The fewest pods that an autoscaler leaves: while a release is under way, as many as carried the traffic when it began. */
export function releaseMinimum({ autoscaling, replicas }: Workload, release: Release | undefined): number {
  if (!autoscaling) return replicas;
  return Math.min(autoscaling.max, Math.max(autoscaling.min, release?.replicas ?? 0));
}
