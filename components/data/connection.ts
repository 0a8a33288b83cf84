import type { DataStore, PostgresqlStore, RedisStore } from "../model/data-store.ts";
import { dataStoreEndpoints, loginName } from "../model/data-store.ts";
import { type StoredKey, storedValue } from "../security/external-secret.ts";

/** The endpoint that takes writes. */
export function primaryOf(name: string, store: DataStore): { host: string; port: number } {
  const primary = dataStoreEndpoints(name, store).find(({ role }) => role === "primary");
  if (!primary) throw new Error(`data store "${name}" has no primary`);
  return primary;
}

/** `postgresql://user:password@host:port/database`, every part percent-encoded; a managed server's URL says how to encrypt. */
export function postgresqlUrl(name: string, store: PostgresqlStore, password: string): string {
  const { host, port } = primaryOf(name, store);
  const encryption = store.existing ? `?sslmode=${store.existing.tls}` : "";
  return `postgresql://${encodeURIComponent(loginName(store))}:${encodeURIComponent(password)}@${host}:${port}/${encodeURIComponent(store.database)}${encryption}`;
}

/** `redis://:password@host:port/0`, or `rediss://` for a managed server that encrypts. */
export function redisUrl(name: string, store: RedisStore, password: string): string {
  const { host, port } = primaryOf(name, store);
  const scheme = store.existing && store.existing.tls !== "disable" ? "rediss" : "redis";
  return `${scheme}://:${encodeURIComponent(password)}@${host}:${port}/0`;
}

/** What the connection Secret of a store holds; its keys are `connectionKeys(store)`. */
export function connectionData(name: string, store: DataStore, password: string): Record<string, string> {
  const { host, port } = primaryOf(name, store);
  const replica = dataStoreEndpoints(name, store).find(({ role }) => role === "replica");
  return {
    host,
    port: String(port),
    ...(store.engine === "postgresql" ? { database: store.database, username: loginName(store) } : {}),
    password,
    ...(replica ? { "read-host": replica.host } : {}),
    [store.connectionSecret.urlKey]:
      store.engine === "postgresql" ? postgresqlUrl(name, store, password) : redisUrl(name, store, password),
  };
}

/** Stands for the password while the places are found where it goes; no server's password, and nothing to encode in it. */
const marker = "0password0goes0here0";

/** What the connection Secret of a store holds, as keys that External Secrets Operator fills with the password of a name in its store. */
export function connectionTemplates(name: string, store: DataStore, stored: string): Record<string, StoredKey> {
  return Object.fromEntries(
    Object.entries(connectionData(name, store, marker)).map(([key, text]) => [
      key,
      { stored, template: text.replaceAll(marker, storedValue(stored, text !== marker)) },
    ]),
  );
}
