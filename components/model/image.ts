import { z } from "zod";

// What may be before and after the first "/" of an image (github.com/distribution/reference).
const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const port = ":([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])";
const registryName = `${label}(\\.${label})*(${port})?`;
const folders = "(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)";

/** A registry and, where there is one, a folder in it. What has neither "." nor port would be a user at Docker Hub. */
export const registrySchema = z.string().regex(new RegExp(`^(?=[^/]*[.:]|localhost(/|$))${registryName}${folders}*$`), {
  error: 'must be a registry such as "registry.example.com/mirror", whose name has a "." or a port',
});

/** A container image. One of tag and digest is needed; where both are given the digest decides what runs and the tag stays readable. */
export const imageSchema = z
  .strictObject({
    repository: z
      .string()
      .regex(new RegExp(`^${registryName}${folders}+$`), {
        error:
          'must be registry and path, such as "ghcr.io/codelab/gateway", or a path at Docker Hub, without tag or digest',
      })
      .describe("Registry and path, without tag or digest. Without a registry it is a path at Docker Hub."),
    tag: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, { error: 'must be an image tag such as "1.0.0" (quote numbers)' })
      .optional()
      .describe("The tag. Mutable tags such as latest are refused by the policy pack in staging and prod."),
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, { error: 'must be "sha256:" and 64 hexadecimal digits' })
      .optional()
      .describe("The content digest, sha256:…; wins over the tag."),
  })
  .refine((image) => image.tag !== undefined || image.digest !== undefined, { error: "needs a tag or a digest" });
export type Image = z.infer<typeof imageSchema>;

/** The image as a pod names it: `repository:tag@digest`. */
export function imageReference({ repository, tag, digest }: Image): string {
  return `${repository}${tag ? `:${tag}` : ""}${digest ? `@${digest}` : ""}`;
}

/** The same image taken from a mirror: its registry replaced by `registry`, the path kept. */
export function fromRegistry(image: Image, registry: string | undefined): Image {
  if (!registry) return image;
  const { repository } = image;
  const [first = ""] = repository.split("/");
  const path = /[.:]|^localhost$/.test(first) ? repository.slice(first.length + 1) : repository;
  return { ...image, repository: `${registry}/${path}` };
}
