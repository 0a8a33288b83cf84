import type { AddonsOverride } from "../components/model/addons.ts";
import type { Environment } from "../components/model/system.ts";

/** What an environment means where neither system nor stack says otherwise. */
export interface Profile {
  /** Whether namespace, volumes and generated passwords are protected from deletion. */
  protect: boolean;
  /** Options of the add-ons that the environment decides: the default issuer, how much they are spread. */
  addons: AddonsOverride;
}

/** The three profiles. Let's Encrypt's staging server has generous limits and signs certificates that no browser trusts. */
export const profiles: Record<Environment, Profile> = {
  dev: { protect: false, addons: { clusterIssuers: { default: "selfsigned" } } },
  staging: { protect: false, addons: { clusterIssuers: { default: "letsencrypt-staging" } } },
  prod: {
    protect: true,
    addons: {
      certManager: { highAvailability: true },
      clusterIssuers: { default: "letsencrypt-prod" },
      ingressNginx: { highAvailability: true },
      monitoring: { highAvailability: true },
      externalSecrets: { highAvailability: true },
    },
  },
};
