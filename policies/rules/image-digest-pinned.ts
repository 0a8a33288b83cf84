import { broken, eachContainer } from "../judge.ts";
import { imageOf } from "../kubernetes/image.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

const wellFormed = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

export const imageDigestPinned: Rule = {
  id: "image-digest-pinned",
  title: "Every image is named by its digest",
  severity: "medium",
  levels: advisoryFrom("staging"),
  what: "Each `image` has a well-formed digest: `sha256:` and 64, or `sha512:` and 128 lower-case hexadecimal digits.",
  why: "A tag can be moved to another image; a digest is the image.",
  remedy: "image: registry.example/app:1.0.0@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  sources: [
    "https://kubernetes.io/docs/concepts/containers/images/",
    "Kyverno require-image-digest",
    "Checkov CKV_K8S_43",
  ],
  ...eachContainer(function* ({ field }) {
    const image = field.at("image");
    if (image.string && !wellFormed.test(imageOf(image.string).digest ?? ""))
      yield broken(image, "has no well-formed digest");
  }),
};
