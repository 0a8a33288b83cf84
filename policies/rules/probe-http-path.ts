import { broken, each, eachContainer, started } from "../judge.ts";
import { probeKinds } from "../kubernetes/probes.ts";
import { advisoryFrom, listOf, type Rule } from "../rule.ts";

export const probeHttpPath: Rule = {
  id: "probe-http-path",
  title: "Every HTTP probe asks a path that makes sense",
  severity: "low",
  levels: advisoryFrom("dev"),
  what: "The path of each HTTP probe begins with `/`, its scheme is HTTP or HTTPS, and no liveness probe asks a path that answers for what the container depends on.",
  why: "A liveness probe that fails with its database restarts every pod at the moment when the database is slowest.",
  remedy: "livenessProbe:\n  httpGet:\n    path: /health\n    port: http\n    scheme: HTTP",
  sources: ["https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/"],
  options: {
    dependencyPaths: {
      type: "array",
      items: { type: "string" },
      description: "Paths that answer for what a container depends on, and so belong to readiness probes.",
      default: ["/ready", "/readyz", "/readiness", "/health/ready", "/-/ready"],
    },
  },
  ...eachContainer(
    ({ field }, { options }) =>
      each(probeKinds, function* (kind) {
        const ask = field.at(kind, "httpGet");
        const [path, scheme] = [ask.at("path"), ask.at("scheme")];
        if (path.value && !path.string?.startsWith("/")) yield broken(path, "does not begin with /");
        if (scheme.value && scheme.value !== "HTTP" && scheme.value !== "HTTPS")
          yield broken(scheme, "is neither HTTP nor HTTPS");
        if (kind === "livenessProbe" && listOf(options.dependencyPaths).includes(path.string || "/"))
          yield broken(path, "answers for what the container depends on");
      }),
    started,
  ),
};
