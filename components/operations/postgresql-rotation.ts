import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PostgreSQL } from "../data/postgresql.ts";
import { authSecretName, loginName, retireName, rotationName } from "../model/data-store.ts";
import { standardLabels } from "../model/names.ts";
import { ApplicationJob } from "../workloads/application-job.ts";
import type { JobModel } from "../workloads/job.ts";
import type { ResolvedEnvValue } from "../workloads/workload.ts";
import { retireScript, rotateScript } from "./postgresql-scripts.ts";
import { type StoreContext, storeJob } from "./store-job.ts";

/** The user that replicas follow the primary as; the chart's default (`auth.replicationUsername`). */
const replicationUser = "repl_user";

/** The superuser's login, whose password no rotation changes: it is what every rotation can rely on. */
function superuser(name: string): Record<string, ResolvedEnvValue> {
  return { PGUSER: "postgres", PGPASSWORD: { secret: authSecretName(name), key: "postgres-password" } };
}

/** The job that makes the login of a rotation. Logins before it go on working. */
export function rotationJob(context: StoreContext): JobModel {
  const { name, store } = context;
  return storeJob(context, {
    name: rotationName(name),
    component: "rotation",
    script: rotateScript,
    env: {
      ...superuser(name),
      OWNER_ROLE: store.username,
      LOGIN_ROLE: loginName(store),
      LOGIN_PASSWORD: { secret: rotationName(name), key: "password" },
      REPLICATION_ROLE: replicationUser,
      REPLICATION_PASSWORD: { secret: authSecretName(name), key: "replication-password" },
    },
    content: { rotation: store.rotation },
  });
}

/** The job that takes all earlier logins away. */
export function retirementJob(context: StoreContext): JobModel {
  const { name, store } = context;
  return storeJob(context, {
    name: retireName(name),
    component: "rotation",
    script: retireScript,
    env: { ...superuser(name), OWNER_ROLE: store.username, LOGIN_ROLE: loginName(store) },
    content: { rotation: store.rotation },
  });
}

/**
 * Makes the server know a new login before anybody is told of it.
 * @returns the password, known only when the server knows it, so that whatever holds it waits.
 */
export function makeLogin(
  name: string,
  context: StoreContext,
  password: pulumi.Output<string>,
  opts: { parent: pulumi.Resource; dependsOn: pulumi.Resource[] },
): pulumi.Output<string> {
  const { namespace, instance } = context;
  const object = rotationName(context.name);
  const secret = new k8s.core.v1.Secret(
    `${name}-rotation-secret`,
    {
      metadata: { name: object, namespace, labels: standardLabels(object, instance, { component: "rotation" }) },
      stringData: { password },
    },
    opts,
  );
  const job = new ApplicationJob(
    `${name}-rotation`,
    { job: rotationJob(context), waiting: ["every service that reads the new password"] },
    { parent: opts.parent, dependsOn: [...opts.dependsOn, secret] },
  );
  return pulumi.secret(pulumi.all([password, job.done]).apply(([value]) => value));
}

export interface RetiredLoginsArgs {
  /** The server whose logins before its `rotation` are to go. One with rotation 0, or that somebody else runs, has none. */
  store: PostgreSQL;
}

/** Takes the logins away that a rotation has replaced. Depend on everything that must have the new one first. */
export class RetiredLogins extends pulumi.ComponentResource {
  constructor(name: string, { store }: RetiredLoginsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:operations:RetiredLogins", name, {}, opts);
    const { rotation, existing } = store.context.store;
    if (rotation && !existing)
      new ApplicationJob(`${name}-retire`, { job: retirementJob(store.context) }, { parent: this });
    this.registerOutputs();
  }
}
