import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type Backup, backupName } from "../model/backup.ts";
import { loginName } from "../model/data-store.ts";
import { ApplicationJob } from "../workloads/application-job.ts";
import type { JobModel } from "../workloads/job.ts";
import { sharedClaim } from "../workloads/volumes.ts";
import { backupFolder, backupScript } from "./postgresql-scripts.ts";
import { type StoreContext, storeJob } from "./store-job.ts";

/** The scheduled dump as a job. It logs in as the application does, which owns the database: the superuser's password stays away. */
export function backupJob(context: StoreContext, backup: Backup): JobModel {
  const { name, store } = context;
  return storeJob(context, {
    name: backupName(name),
    component: "backup",
    script: backupScript,
    env: {
      PGUSER: loginName(store),
      PGPASSWORD: { secret: store.connectionSecret.name, key: "password" },
      BACKUP_FOLDER: backupFolder,
      KEEP_DAYS: String(backup.retention.days),
      KEEP_COUNT: String(backup.retention.count),
    },
    volumes: { backups: { mountPath: backupFolder, shared: backupName(name) } },
    schedule: backup.schedule,
    timeZone: backup.timeZone,
    resources: backup.resources,
    timeoutSeconds: backup.timeoutSeconds,
  });
}

/** The dumps of a store: their claim, which is protected as the data is, and the CronJob that makes and deletes them. */
export function makeBackup(
  name: string,
  context: StoreContext,
  backup: Backup,
  { protect = false, ...opts }: pulumi.CustomResourceOptions,
): void {
  const { store } = context;
  const { size = store.storage.size, class: storageClass = store.storage.class } = backup.storage;
  const { metadata, spec } = sharedClaim(backupName(context.name), context.namespace, context.instance, {
    size,
    ...(storageClass ? { class: storageClass } : {}),
    accessMode: "ReadWriteOnce",
  });
  // Where volumes are made for their first pod only, there is none until the first dump.
  const claim = { metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } }, spec };
  const made = new k8s.core.v1.PersistentVolumeClaim(`${name}-backup-claim`, claim, { ...opts, protect });
  new ApplicationJob(`${name}-backup`, { job: backupJob(context, backup) }, { ...opts, dependsOn: [made] });
}
