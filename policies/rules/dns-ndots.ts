import { broken, eachPod } from "../judge.ts";
import { someOf } from "../kubernetes/stack.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const dnsNdots: Rule = {
  id: "dns-ndots",
  title: "Every pod asks for the names that it means first",
  severity: "low",
  levels: advisoryFrom("prod"),
  what: "`dnsConfig.options` of each pod has `ndots` of at most the configured number.",
  why: "With the default of 5 every name outside of the cluster is asked for four times in vain.",
  remedy: 'dnsConfig:\n  options:\n    - name: ndots\n      value: "2"',
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config",
    "kube-linter dnsconfig-options",
    "Kyverno add-ndots",
  ],
  options: {
    maximum: { type: "integer", description: "The most that it may be.", default: 2 },
  },
  ...eachPod(function* ({ field }, { options }) {
    const dns = field.at("dnsConfig", "options");
    const [ndots] = someOf(dns.list, (option) => option.at("name").value === "ndots");
    const value = ndots?.at("value");
    if (!ndots || !value?.set) yield broken(dns, "do not set ndots");
    else if (!(Number(value.value) <= Number(options.maximum))) yield broken(value, `is above ${options.maximum}`);
  }),
};
