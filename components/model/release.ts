import { z } from "zod";
import { type Color, colors } from "./blue-green.ts";
import { type Image, imageSchema } from "./image.ts";
import { podsSchema } from "./numbers.ts";
import { own } from "./own.ts";
import { oneOf } from "./problems.ts";
import type { Service } from "./service.ts";
import type { Problem } from "./system.ts";

/** One deployed colour. */
export const coloredSchema = z.strictObject({
  tag: imageSchema.shape.tag,
  digest: imageSchema.shape.digest,
  check: z
    .int()
    .min(1)
    .optional()
    .describe(
      "This colour gets traffic only after its smoke check has passed; a new number checks again. Left out once the release is finished.",
    ),
});
export type Colored = z.infer<typeof coloredSchema>;

/**
 * Where the release of a service with `blueGreen` stands, and all that says so. A colour that is named is deployed; the
 * active one always is. `npm run release` writes it; a plain `pulumi up` deploys what it says.
 */
export const releaseSchema = z.strictObject({
  active: z.enum(colors).default("blue").describe("The colour that the Service sends its traffic to."),
  blue: coloredSchema.optional().describe("Image of the blue pods. Without tag and digest, the service's own."),
  green: coloredSchema.optional().describe("Image of the green pods. Without tag and digest, the service's own."),
  replicas: podsSchema
    .min(1)
    .optional()
    .describe(
      "Pods that carried the traffic when the release began: as many does the new colour start with, and fewer does no autoscaler leave until the release is finished.",
    ),
  previousUntil: z.iso
    .datetime()
    .optional()
    .describe("Until when the colour that had the traffic is kept; afterwards the release may be finished."),
});
export type Release = z.infer<typeof releaseSchema>;

/** The pods of one colour. */
export interface Track {
  color: Color;
  image: Image;
  /** Whether it has the traffic. */
  active: boolean;
  /** Which check it must have passed before it gets traffic. */
  check: number | undefined;
}

/** The other of the two colours. */
export function otherColor(color: Color): Color {
  return color === "blue" ? "green" : "blue";
}

/** What is deployed of a service with blue-green releases, the active colour first. */
export function releaseTracks(image: Image, release: Release = { active: "blue" }): Track[] {
  return [release.active, otherColor(release.active)].flatMap((color): Track[] => {
    const active = color === release.active;
    const colored = release[color];
    if (!active && !colored) return [];
    return [{ color, active, image: coloredImage(image, colored), check: colored?.check }];
  });
}

/** The image that was deployed last: of the colour under check, else of the one with the traffic. What must come before it runs in it. */
export function newestImage({ image, blueGreen }: Pick<Service, "image" | "blueGreen">, release?: Release): Image {
  if (!blueGreen) return image;
  const tracks = releaseTracks(image, release);
  return (tracks.find(({ check }) => check !== undefined) ?? tracks[0])?.image ?? image;
}

/** The image of a colour: tag and digest of its own replace both of the service's. */
export function coloredImage(image: Image, colored: Colored | undefined): Image {
  if (!colored?.tag && !colored?.digest) return image;
  const { repository } = image;
  return {
    repository,
    ...(colored.tag ? { tag: colored.tag } : {}),
    ...(colored.digest ? { digest: colored.digest } : {}),
  };
}

/** What keeps a service from being released blue-green. */
export function checkBlueGreen({
  blueGreen,
  kind,
  ports,
  volumes,
}: Pick<Service, "blueGreen" | "kind" | "ports" | "volumes">): Problem[] {
  if (!blueGreen) return [];
  const problems: Problem[] = [];
  if (kind !== "Deployment")
    problems.push({
      path: ["blueGreen"],
      message: `a ${kind} cannot run twice side by side`,
      fix: "remove blueGreen, or make it a Deployment",
    });
  const { port } = blueGreen.smoke;
  if (!ports.length)
    problems.push({ path: ["blueGreen"], message: "there is no port to switch traffic of", fix: "declare one" });
  else if (port && !ports.some(({ name }) => name === port))
    problems.push({
      path: ["blueGreen", "smoke", "port"],
      message: `there is no port "${port}"`,
      fix: oneOf(
        port,
        ports.map(({ name }) => name),
      ),
    });
  for (const [name, volume] of Object.entries(volumes)) {
    if ("accessMode" in volume && volume.accessMode !== "ReadWriteMany")
      problems.push({
        path: ["volumes", name, "accessMode"],
        message: `${volume.accessMode} cannot be shared by both colours`,
        fix: "ReadWriteMany",
      });
  }
  return problems;
}

/** What is wrong with the releases that a stack says are under way; paths begin with the service's name. */
export function checkReleases(releases: Record<string, Release>, services: Record<string, Service>): Problem[] {
  return Object.keys(releases).flatMap((name): Problem[] => {
    const service = own(services, name);
    const able = Object.keys(services).filter((other) => services[other]?.blueGreen);
    if (!service) return [{ path: [name], message: `there is no service "${name}"`, fix: oneOf(name, able) }];
    if (!service.blueGreen)
      return [{ path: [name], message: "the service has no blue-green releases", fix: oneOf(name, able) }];
    return [];
  });
}
