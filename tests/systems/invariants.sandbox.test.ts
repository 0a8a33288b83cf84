import assert from "node:assert/strict";
import { environments } from "../../components/model/system.ts";
import { chartNeeds } from "../../policies/chart-needs.ts";
import { objectsIn } from "../../policies/manifests.ts";
import { sentence } from "../../policies/message.ts";
import { rules } from "../../policies/rules.ts";
import { Session } from "../../policies/session.ts";
import { systems } from "../../systems/index.ts";
import {
  object,
  operatedPods,
  podTemplates,
  type Rendered,
  renderedObjects,
  secretData,
  selects,
} from "../rendered.ts";

for (const system of Object.keys(systems)) {
  for (const environment of environments) {
    describe(`${system} in ${environment}`, () => {
      let all: Rendered[];
      /** Namespace of the system itself; the others are those of add-ons. */
      let own: string;
      before(async () => {
        all = await renderedObjects(system, environment);
        own =
          all.find(({ kind, metadata }) => kind === "ResourceQuota" && metadata.name === "quota")?.metadata.namespace ??
          "";
      });

      it("gives every container requests and limits, and every long-running one its probes", () => {
        for (const { owner, spec } of podTemplates(all)) {
          for (const one of [...(spec.initContainers ?? []), ...spec.containers]) {
            const where = `${owner.kind} ${owner.metadata.name}, container ${one.name}`;
            for (const kind of ["requests", "limits"])
              for (const resource of ["cpu", "memory"])
                assert.ok(one.resources?.[kind]?.[resource], `${where}: ${kind}.${resource}`);
            if (spec.containers.includes(one) && !["Job", "CronJob"].includes(owner.kind))
              for (const probe of ["readinessProbe", "livenessProbe"]) assert.ok(one[probe], `${where}: ${probe}`);
          }
        }
      });

      it("selects every pod by one policy, in namespaces that deny by default", () => {
        const policies = all.filter(({ kind }) => kind === "NetworkPolicy");
        for (const { owner, labels, namespace } of [...podTemplates(all), ...operatedPods(all)]) {
          const mine = policies.filter(
            (policy) => policy.metadata.namespace === namespace && selects(policy.spec.podSelector.matchLabels, labels),
          );
          assert.deepEqual(
            mine.map(({ metadata }) => metadata.name).filter((name) => name !== "default-deny").length,
            1,
            `${owner.kind} ${owner.metadata.name}`,
          );
          assert.ok(
            mine.some(({ metadata }) => metadata.name === "default-deny"),
            namespace,
          );
        }
      });

      it("lets every Service find pods", () => {
        const templates = [...podTemplates(all), ...operatedPods(all)];
        // The cluster's own pods are in no stack.
        const services = all.filter(({ kind, metadata }) => kind === "Service" && metadata.namespace !== "kube-system");
        for (const { metadata, spec } of services) {
          assert.ok(
            templates.some(
              ({ labels, namespace }) => namespace === metadata.namespace && selects(spec.selector, labels),
            ),
            metadata.name,
          );
        }
      });

      it("breaks no mandatory rule of the policy pack, with no waiver but the pack's own", () => {
        const session = new Session({ rules, levelOf: ({ levels }) => levels[environment], standing: chartNeeds });
        const broken = session
          .judgeAll(objectsIn("rendered", JSON.stringify(all)).objects)
          .filter(({ level, finding, waiver }) => level === "mandatory" && finding.verdict === "broken" && !waiver);
        assert.deepEqual(
          broken.map(({ rule, finding }) => `${rule.id}: ${sentence(finding)}`),
          [],
        );
      });

      it("refers to no Secret, ConfigMap, ServiceAccount or claim that is not there", () => {
        const there = (kind: string, name: string, namespace: string) =>
          all.some((one) => one.kind === kind && one.metadata.name === name && one.metadata.namespace === namespace);
        for (const { namespace, spec } of podTemplates(all)) {
          assert.ok(there("ServiceAccount", spec.serviceAccountName, namespace), spec.serviceAccountName);
          for (const volume of spec.volumes ?? []) {
            if (volume.configMap)
              assert.ok(there("ConfigMap", volume.configMap.name, namespace), volume.configMap.name);
            if (volume.persistentVolumeClaim)
              assert.ok(there("PersistentVolumeClaim", volume.persistentVolumeClaim.claimName, namespace));
            // ingress-nginx's comes from its Certificate.
            if (volume.secret && namespace === own)
              assert.ok(there("Secret", volume.secret.secretName, namespace), volume.secret.secretName);
          }
          for (const one of spec.containers) {
            for (const { configMapRef, secretRef } of one.envFrom ?? []) {
              if (configMapRef) assert.ok(there("ConfigMap", configMapRef.name, namespace), configMapRef.name);
              if (secretRef) assert.ok(there("Secret", secretRef.name, namespace), secretRef.name);
            }
            for (const { valueFrom } of one.env ?? []) {
              if (!valueFrom?.secretKeyRef) continue;
              const secret = object(all, "Secret", valueFrom.secretKeyRef.name, namespace);
              assert.ok(valueFrom.secretKeyRef.key in secretData(secret), JSON.stringify(valueFrom));
            }
          }
        }
      });
    });
  }
}
