import { broken, each, eachContainer } from "../judge.ts";
import { rollsWithSettings } from "../kubernetes/pod-traits.ts";
import { someOf } from "../kubernetes/stack.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const volumeMountValid: Rule = {
  id: "volume-mount-valid",
  title: "Every mount has a volume and a place of its own",
  severity: "high",
  levels: advisoryFrom("dev"),
  what: "Each `volumeMounts` and `volumeDevices` of a container names a volume of the pod, or a claim template of its StatefulSet; no path is mounted twice in a container; no ConfigMap or Secret is mounted by `subPath`, because such a file never changes again, unless an annotation of the pods changes with it.",
  why: "The API server refuses the first two, but only while deploying.",
  remedy: "volumes:\n  - name: data\n    emptyDir:\n      sizeLimit: 1Gi",
  sources: ["https://kubernetes.io/docs/concepts/storage/volumes/"],
  ...eachContainer(function* ({ field, pod }, { object }) {
    const volumes = pod.field.at("volumes");
    const templates = object.body.at("spec", "volumeClaimTemplates");
    const seen = new Set<string>();
    yield* each([...field.at("volumeMounts").list, ...field.at("volumeDevices").list], function* (mount) {
      const name = mount.at("name");
      const [volume] = someOf(volumes.list, (one) => one.at("name").value === name.value);
      if (!volume && !templates.list.some((one) => one.at("metadata", "name").value === name.value))
        yield broken(name, "names a volume that does not exist");
      const path = (mount.at("mountPath").string ?? mount.at("devicePath").string ?? "").replace(/(?<=.)\/+$/, "");
      if (path !== "" && seen.has(path)) yield broken(mount.at("mountPath"), "is mounted twice");
      seen.add(path);
      const part = mount.at("subPath").value ? mount.at("subPath") : mount.at("subPathExpr");
      if (
        part.value &&
        volume &&
        (volume.at("configMap").set || volume.at("secret").set) &&
        !rollsWithSettings(pod, object)
      )
        yield broken(part, "keeps the file as it is when its ConfigMap or Secret changes");
    });
  }),
};
