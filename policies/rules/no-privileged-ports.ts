import { broken, each, eachContainer, started } from "../judge.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const noPrivilegedPorts: Rule = {
  id: "no-privileged-ports",
  title: "No container listens on a port below 1024",
  severity: "low",
  levels: advisoryFrom("dev"),
  what: "Each `containerPort` is 1024 or above, which leaves out SSH's 22 too.",
  why: "Ports below 1024 want a capability or root, and SSH in a container is a door that nobody watches.",
  remedy: "ports:\n  - name: http\n    containerPort: 8080",
  sources: ["kube-linter privileged-ports, ssh-port", "Trivy KSV-0117"],
  ...eachContainer(
    ({ field }) =>
      each(field.at("ports").list, function* (port) {
        const number = port.at("containerPort").number;
        if (number !== undefined && number > 0 && number < 1024)
          yield broken(port.at("containerPort"), "is below 1024");
      }),
    started,
  ),
};
