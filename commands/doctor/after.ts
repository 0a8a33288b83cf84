import { serviceHost } from "../../components/model/service.ts";
import type { PlatformModel } from "../../components/model/system.ts";
import { type ClusterFacts, condition } from "./facts.ts";
import { type Finding, some, together, unseen } from "./verdict.ts";

import { claims, endpoints, jobs, pods, workloads } from "./workloads.ts";

const played = "nothing runs behind simulated pods";

/** What a service said when it was asked through the API server: a status, or nothing. */
export type Answers = Record<string, number | undefined>;

/** 000-CHK-8, 000-CHK-14, 000-CHK-15: what each service answers on the path of its readiness check. */
export function answers(
  asked: Answers,
  { simulated }: ClusterFacts,
  { namespace, services }: PlatformModel,
): Finding[] {
  const check = "answers";
  if (simulated) return [{ check, verdict: "cannot tell", message: played }];
  return together(
    check,
    Object.keys(asked).join(", ") || "no service speaks HTTP",
    Object.entries(asked)
      .filter(([, status]) => !status || status >= 400)
      .map(([name, status]) =>
        status === undefined || status === 403
          ? {
              verdict: "cannot tell",
              message: `${name} was not to be asked through the API server`,
              todo: "its readiness check says that it answers in the cluster",
            }
          : {
              verdict: "warning",
              message: `${name} answers ${status}`,
              // By the Service, since a release has a Deployment for each colour.
              todo: `see its log: kubectl logs --namespace ${namespace} service/${serviceHost(name, services[name] ?? {})}`,
            },
      ),
  );
}

/** The services that speak HTTP, with what to ask them for. */
export function questions({ services }: PlatformModel): { name: string; host: string; port: string; path: string }[] {
  return Object.entries(services).flatMap(([name, service]) => {
    const { readiness } = service.probes;
    const [port] = service.ports;
    return "http" in readiness && port
      ? [{ name, host: serviceHost(name, service), port: port.name, path: readiness.http }]
      : [];
  });
}

/** 000-CHK-9: an Ingress has an address, and its hosts lead to it. */
export function ingresses({ own, simulated }: ClusterFacts, hosts: Record<string, string[] | undefined>): Finding[] {
  const check = "ingress";
  if (!own.ingresses) return unseen(check);
  return together(
    check,
    own.ingresses.map(({ metadata }) => metadata.name).join(", ") || "there is none",
    own.ingresses.flatMap((ingress): Omit<Finding, "check">[] => {
      const addresses = (ingress.status?.loadBalancer?.ingress ?? []) as { ip?: string; hostname?: string }[];
      if (!addresses.length)
        return [
          {
            verdict: "failed",
            message: `${ingress.metadata.name} has no address`,
            todo: "see the ingress controller's log",
          },
        ];
      // A cloud's load balancer is known by a name, whose addresses change.
      if (simulated || addresses.some(({ hostname }) => hostname)) return [];
      const names = (ingress.spec?.rules ?? []).flatMap(({ host }: { host?: string }) => host ?? []) as string[];
      return names
        .filter((host) => hosts[host] && !addresses.some(({ ip }) => ip && hosts[host]?.includes(ip)))
        .map((host) => ({
          verdict: "warning",
          message: `${host} leads to ${hosts[host]?.join(", ")}, the ingress is at ${addresses.map(({ ip }) => ip).join(", ")}`,
          todo: "correct the DNS entry, unless something stands in front",
        }));
    }),
  );
}

/** Certificates are issued and do not run out within two weeks. */
export function certificates({ own, simulated }: ClusterFacts, model: PlatformModel, now: Date): Finding[] {
  const check = "certificates";
  const wanted = Object.values(model.ingresses).map(({ tlsSecret }) => tlsSecret);
  if (!wanted.length) return [];
  if (simulated) return [{ check, verdict: "cannot tell", message: "no certificate is issued here" }];
  if (!own.certificates) return unseen(check);
  return together(
    check,
    wanted.join(", "),
    wanted.flatMap((name): Omit<Finding, "check">[] => {
      const found = own.certificates?.find(({ spec }) => spec?.secretName === name);
      if (!found)
        return [{ verdict: "failed", message: `${name} was never asked for`, todo: "see cert-manager's log" }];
      const ready = condition(found, "Ready");
      if (ready?.status !== "True")
        return [
          {
            verdict: "failed",
            message: `${name} is not issued: ${ready?.message ?? "no word of it yet"}`,
            todo: `kubectl describe certificate --namespace ${model.namespace} ${found.metadata.name}`,
          },
        ];
      const days = Math.floor((new Date(found.status?.notAfter ?? now).getTime() - now.getTime()) / 86_400_000);
      return days < 14
        ? [
            {
              verdict: "warning",
              message: `${name} runs out in ${days} days`,
              todo: "cert-manager renews earlier than that: see its log",
            },
          ]
        : [];
    }),
  );
}

/** 000-CHK-13: autoscalers see what they scale by. */
export function autoscalers({ own, simulated }: ClusterFacts): Finding[] {
  const check = "autoscalers";
  if (!own.autoscalers) return unseen(check);
  if (!own.autoscalers.length) return [];
  if (simulated) return [{ check, verdict: "cannot tell", message: "simulated pods have no metrics" }];
  return together(
    check,
    `${own.autoscalers.length} read their metrics`,
    own.autoscalers.flatMap((scaler): Omit<Finding, "check">[] => {
      const active = condition(scaler, "ScalingActive");
      if (active?.status !== "True")
        return [
          {
            verdict: "failed",
            message: `${scaler.metadata.name} cannot scale: ${active?.message ?? "no word of it yet"}`,
            todo: "see that metrics-server, or the metrics adapter, works: kubectl top nodes",
          },
        ];
      return condition(scaler, "ScalingLimited")?.reason === "TooManyReplicas"
        ? [
            {
              verdict: "warning",
              message: `${scaler.metadata.name} is at its maximum`,
              todo: "raise it, or find out where the load comes from",
            },
          ]
        : [];
    }),
  );
}

/** 000-CHK-11: whoever offers metrics is asked for them. */
export function monitors({ own }: ClusterFacts, { services, addons }: PlatformModel): Finding[] {
  const check = "monitors";
  const wanted = Object.entries(services).flatMap(([name, service]) =>
    "metrics" in service && service.metrics ? [name] : [],
  );
  if (!addons.monitoring || !wanted.length) return [];
  if (!own.monitors) return unseen(check);
  return together(
    check,
    wanted.join(", "),
    wanted
      .filter((name) => !own.monitors?.some(({ metadata }) => metadata.name === name))
      .map((name) => ({ verdict: "failed", message: `no ServiceMonitor asks ${name}`, todo: "pulumi up" })),
  );
}

/** 000-CHK-6: the newest backup is there and is no older than its schedule lets it be. */
export function backupsFresh(
  { own, velero, simulated }: ClusterFacts,
  { namespace, addons }: PlatformModel,
  now: Date,
): Finding[] {
  const check = "backups";
  const dumps = (own.cronJobs ?? []).filter(
    ({ metadata }) => metadata.labels?.["app.kubernetes.io/component"] === "backup",
  );
  const logs = `kubectl get jobs --namespace ${namespace}; kubectl logs --namespace ${namespace} job/<name>`;
  const findings = dumps.map(({ metadata: { name }, spec, status }): Finding => {
    if (spec?.suspend)
      return {
        check,
        verdict: "failed",
        message: `${name} is suspended`,
        todo: `kubectl patch cronjob --namespace ${namespace} ${name} --patch '{"spec":{"suspend":false}}'`,
      };
    const [begun, done] = [status?.lastScheduleTime, status?.lastSuccessfulTime].map((time) =>
      time ? new Date(time) : undefined,
    );
    if (!done)
      return begun && now.getTime() - begun.getTime() > 3_600_000
        ? {
            check,
            verdict: "failed",
            message: `${name} ran and never succeeded`,
            todo: logs,
          }
        : { check, verdict: "warning", message: `${name} has not run yet`, todo: "npm run backup makes one now" };
    const hours = Math.round((now.getTime() - done.getTime()) / 3_600_000);
    return begun && begun.getTime() - done.getTime() > 3_600_000
      ? {
          check,
          verdict: "failed",
          message: `${name} last succeeded ${hours} hours ago, and failed since`,
          todo: logs,
        }
      : { check, verdict: "ok", message: `${name} succeeded ${hours} hours ago` };
  });
  if (velero?.schedules && !simulated)
    findings.push(
      ...together(
        check,
        "Velero can write",
        (velero.locations ?? [])
          .filter(({ status }) => status?.phase !== "Available")
          .map(({ metadata, status }) => ({
            verdict: "failed",
            message: `Velero's storage location ${metadata.name} is ${status?.phase ?? "not looked at yet"}`,
            todo: `see bucket, region and credentials: kubectl describe backupstoragelocation --namespace ${addons.velero?.namespace ?? "velero"}`,
          })),
      ),
    );
  return findings;
}

/** 000-TRB-1, 000-OPS-5: what the cluster warned of in the last hour, each kind once. */
export function events({ own }: ClusterFacts, { namespace }: PlatformModel, now: Date): Finding[] {
  const check = "events";
  if (!own.events) return unseen(check);
  const recent = own.events.filter(
    ({ type, lastTimestamp, eventTime, metadata }) =>
      type === "Warning" &&
      now.getTime() - new Date(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0).getTime() < 3_600_000,
  );
  const kinds = Map.groupBy(recent, ({ reason, involvedObject }) => `${reason} ${involvedObject?.kind}`);
  return together(
    check,
    "no warning within the last hour",
    [...kinds].map(([, [first, ...rest]]) => ({
      verdict: "warning",
      message: `${first?.reason} of ${first?.involvedObject?.kind} ${first?.involvedObject?.name}${rest.length ? ` and ${rest.length} more` : ""}: ${String(
        first?.message ?? "",
      )
        .split("\n")[0]
        ?.slice(0, 160)}`,
      todo: `kubectl get events --namespace ${namespace} --sort-by .lastTimestamp`,
    })),
  );
}

/** What an interrupted update left behind in the state. */
export function pendingOperations(pending: readonly string[] | undefined, stack: string): Finding[] {
  const check = "state";
  if (!pending)
    return [
      { check, verdict: "cannot tell", message: "the state cannot be read", todo: "pulumi login, pulumi stack ls" },
    ];
  return pending.length
    ? [
        {
          check,
          verdict: "failed",
          message: `${pending.length} operations were interrupted: ${some(pending)}`,
          todo: `npm run recover -- --stack ${stack}`,
        },
      ]
    : [{ check, verdict: "ok", message: "nothing is pending" }];
}

/** Everything that is looked at after an update, of the cluster. */
export function afterUpdate(
  facts: ClusterFacts,
  model: PlatformModel,
  hosts: Record<string, string[] | undefined>,
  asked: Answers,
  now: Date,
): Finding[] {
  return [
    ...workloads(facts, model),
    ...pods(facts, model),
    ...endpoints(facts),
    ...answers(asked, facts, model),
    ...ingresses(facts, hosts),
    ...certificates(facts, model, now),
    ...autoscalers(facts),
    ...monitors(facts, model),
    ...claims(facts, model),
    ...jobs(facts, model),
    ...backupsFresh(facts, model, now),
    ...events(facts, model, now),
  ];
}
