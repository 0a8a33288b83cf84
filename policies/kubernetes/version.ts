/** A version of Kubernetes; only its minor part makes a difference to a rule. */
export interface KubernetesVersion {
  readonly minor: number;
}

/** The version that rules judge for where nobody says another. */
export const newestKubernetes: KubernetesVersion = { minor: 36 };

/**
 * A version as people and clusters write it: `1.34`, `v1.34.2`.
 * @throws Error in one line if it is none
 */
export function kubernetesVersion(text: string): KubernetesVersion {
  const minor = /^v?1\.(\d{1,3})(\.\S*)?$/.exec(text)?.[1];
  if (minor === undefined) throw new Error(`"${text}" is no version of Kubernetes; write it like 1.34.`);
  return { minor: Number(minor) };
}
