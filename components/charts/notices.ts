import * as pulumi from "@pulumi/pulumi";

const given = new Set<string>();

/** Warns once a preview, however many components have the same reason; an `up` says nothing again after its preview. */
export function noticeOnce(message: string, resource: pulumi.Resource): void {
  if (!pulumi.runtime.isDryRun() || given.has(message)) return;
  given.add(message);
  void pulumi.log.warn(message, resource);
}

/** What everybody who runs Bitnami's free images should know. */
export const bitnamiNotice =
  "Bitnami's public catalogue is frozen: the images in docker.io/bitnamilegacy get no fixes since 2025-08. Set an image of your own " +
  "for each data store (data.<name>.image: a Bitnami-compatible build, by digest), or use a managed server (data.<name>.existing).";

/** What everybody who runs ingress-nginx should know. */
export const ingressNginxNotice =
  "ingress-nginx is retired: the last release is from 2026-03, and known holes in it (CVE-2026-42945 and later) stay open. Set the image of " +
  "a maintained fork (addons.ingressNginx.image), or move to another controller.";

/** What everybody should know whose managed server is given by name alone. */
export function unknownAddressNotice(store: string, host: string): string {
  return (
    `Where ${host} is, network policies cannot know: pods that use ${store} reach every public address at its port, and no private one. ` +
    `Give the server's range (data.${store}.existing.cidr), above all where it is in a private network.`
  );
}
