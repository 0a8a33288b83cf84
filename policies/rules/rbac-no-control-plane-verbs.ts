import { broken, eachRule } from "../judge.ts";
import { grants } from "../kubernetes/rbac.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

const changing = ["create", "update", "patch", "delete", "deletecollection"];
const admission = "admissionregistration.k8s.io";
const certificates = "certificates.k8s.io";
const rights = [
  { group: "", resources: ["nodes/proxy"], verbs: ["get", "create", "update", "patch", "delete"] },
  {
    group: admission,
    resources: ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"],
    verbs: changing,
  },
  { group: certificates, resources: ["certificatesigningrequests/approval"], verbs: ["update", "patch"] },
  { group: certificates, resources: ["signers"], verbs: ["approve", "sign"] },
  { group: "", resources: ["services/status"], verbs: ["update", "patch"] },
];

export const rbacNoControlPlaneVerbs: Rule = {
  id: "rbac-no-control-plane-verbs",
  title: "No role can turn the control plane's own screws",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "No rule grants `nodes/proxy`, changes of webhook configurations (to delete one switches off what it checks), approval or signing of certificate requests, or changes of `services/status`, also by wildcard.",
  why: "Each of them is a way round every other rule: through the kubelet, past admission, to a certificate for anybody, or into other people's traffic.",
  remedy: "Remove the resource from the rule, or name the one object in `resourceNames`.",
  sources: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    "Checkov CKV_K8S_155, 156, CKV2_K8S_2, CKV2_K8S_4",
    "Trivy KSV-0047, 0114",
  ],
  ...eachRule(function* (rule, place) {
    if (
      rule.at("resourceNames").strings.length > 0 &&
      !rule.at("verbs").strings.some((verb) => verb === "create" || verb === "*")
    )
      return;
    if (rights.some((right) => grants(rule, right))) yield broken(place, "reaches into the control plane");
  }),
};
