import { broken, each, eachPod } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

/** The sockets, and the folders that hold nothing else. */
const socket =
  /\/(docker|dockershim|cri-dockerd|containerd|crio|cri-o|podman)\.sock\/*$|^(\/var)?\/run\/(docker|containerd|crio|podman)\/*$/;

export const noRuntimeSocket: Rule = {
  id: "no-runtime-socket",
  title: "No pod mounts the socket of a container runtime",
  severity: "critical",
  levels: mandatoryFrom("staging"),
  what: "No `hostPath` volume is the socket of Docker, containerd, CRI-O, cri-dockerd or Podman, or the folder below `/run` that holds it.",
  why: "Whoever may write to that socket starts any container, privileged ones included, on the node.",
  remedy: "volumes:\n  - name: run\n    emptyDir:\n      sizeLimit: 1Gi",
  sources: [
    "kube-linter docker-sock",
    "Kyverno disallow-container-sock-mounts",
    "Checkov CKV_K8S_27",
    "Trivy KSV-0006",
    "Kubescape C-0074",
  ],
  ...eachPod(({ field }) =>
    each(field.at("volumes").list, function* (volume) {
      const path = volume.at("hostPath", "path");
      if (socket.test(path.string ?? "")) yield broken(path, "is the socket of a container runtime");
    }),
  ),
};
