import { satisfies } from "semver";
import { type Image, imageReference } from "../../components/model/image.ts";
import type { PlatformModel } from "../../components/model/system.ts";
import { type Finding, together } from "./verdict.ts";

/** A program that is needed, and what was found of it. */
export interface Tool {
  name: string;
  wanted: string;
  found: string | undefined;
  needed: boolean;
}

/** 001-PRE-2, 000-PRE-1: the programs. Helm is not among them. */
export function tools(found: readonly Tool[]): Finding[] {
  return found.map(({ name, wanted, found: version, needed }) => {
    const check = name;
    if (version === undefined)
      return {
        check,
        verdict: needed ? "failed" : "warning",
        message: "is not on PATH",
        todo: needed ? `install ${wanted}` : "nothing needs it but people who look around",
      };
    return satisfies(version, wanted, { includePrerelease: true })
      ? { check, verdict: "ok", message: version }
      : {
          check,
          verdict: needed ? "failed" : "warning",
          message: `${version} is not ${wanted}`,
          todo: `install ${wanted}`,
        };
  });
}

/** 000-CHK-1: versions that do not move. Whether a registry has them shows when a node pulls. */
export function images({ services }: PlatformModel): Finding[] {
  const all = Object.entries(services).map(([name, { image }]) => [name, image] as const);
  const moving = ({ tag, digest }: Image) =>
    !digest && (!tag || /^(latest|main|master|edge|nightly|stable)(-latest)?$/.test(tag));
  return together(
    "images",
    `${all.length} images are pinned, ${all.filter(([, { digest }]) => digest).length} of them by digest`,
    all
      .filter(([, image]) => moving(image))
      .map(([name, image]) => ({
        verdict: "warning",
        message: `${name} runs ${imageReference(image)}, which moves`,
        todo: `set keelson:services.${name}.image.tag or .digest`,
      })),
  );
}

/** 000-CHK-6, 001-BP-6. */
export function backups({ data, addons }: PlatformModel): Finding[] {
  const check = "backups";
  const dumped = Object.entries(data).filter(([, store]) => "backup" in store && store.backup && !store.existing);
  const all = [...dumped.map(([name]) => `dumps of ${name}`), ...(addons.velero ? ["Velero"] : [])];
  return Object.keys(data).length && !all.length
    ? [
        {
          check,
          verdict: "warning",
          message: "nothing backs up the data",
          todo: "set keelson:data.<store>.backup or keelson:addons.velero",
        },
      ]
    : [{ check, verdict: "ok", message: all.join(", ") || "there is no data" }];
}

/** 000-CHK-9, the names: whether each host resolves. `addresses` is undefined for one that does not. */
export function names(hosts: Record<string, string[] | undefined>): Finding[] {
  return together(
    "DNS",
    Object.keys(hosts).join(", ") || "no host is needed",
    Object.entries(hosts)
      .filter(([, addresses]) => !addresses)
      .map(([host]) => ({
        verdict: "warning",
        message: `${host} does not resolve`,
        todo: "point it at the ingress controller's address",
      })),
  );
}
