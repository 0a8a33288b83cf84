import { broken, eachObject } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const noExternalIps: Rule = {
  id: "no-external-ips",
  title: "No Service takes addresses that are not its own",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "No Service has `externalIPs`, and no `externalName` is the local host.",
  why: "Whoever may set `externalIPs` can take traffic to any address (CVE-2020-8554); a name for the local host leads back into the proxy that asks.",
  remedy: "spec:\n  externalIPs: []",
  sources: [
    "https://github.com/kubernetes/kubernetes/issues/97076",
    "Kyverno restrict-external-ips",
    "Gatekeeper K8sExternalIPs",
    "Trivy KSV-0108",
  ],
  ...eachObject(["/Service"], function* ({ body }) {
    const addresses = body.at("spec", "externalIPs");
    if (addresses.list.length > 0) yield broken(addresses, "is not empty");
    const name = body.at("spec", "externalName");
    if (/^(localhost|.*\.localhost|localhost\.localdomain|127(\.\d+){3}|::1|0\.0\.0\.0)\.?$/i.test(name.string ?? ""))
      yield broken(name, "is the local host");
  }),
};
