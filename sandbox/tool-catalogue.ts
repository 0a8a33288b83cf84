import { arch, platform } from "node:process";

/** The pinned versions. Engine and Node.js SDK are one pair, as are plugin and SDK of each provider. */
export const versions = {
  pulumi: "3.259.0",
  kubernetes: "1.36.1",
  etcd: "3.6.5",
  kwok: "0.8.0",
  helm: "4.3.1",
} as const;

/** How a tool is found, downloaded or built. */
export interface Tool {
  /** Name of the executable. */
  name: string;
  version: string;
  /** Arguments with which an installed one prints its version. */
  versionArguments: readonly string[];
  /** Semver range within which an installed one is used instead of ours. */
  fits: string;
  download: Download;
  build: GoBuild;
}

/** The official download of a tool. */
export interface Download {
  url: string;
  /** Text file (or GitHub's release description) with the checksums: a SHA-256 or SHA-512 beside the file's name, or alone. */
  checksums: string;
  /** Folder within the `.tar.gz` archive whose files are the tool; left out where the file is the executable itself. */
  archiveFolder?: string;
  /** Disk needed, MiB. */
  disk: number;
}

/** How to build a tool from the module in `sandbox/tools/<module>`. */
export interface GoBuild {
  module: string;
  package: string;
  /** Go variables that carry the version, set by the linker. */
  variables: Readonly<Record<string, string>>;
  /** Disk needed with modules and build cache, MiB. Measured on linux-amd64, rounded up. */
  disk: number;
}

const goSystems: Readonly<Record<string, string>> = { win32: "windows" };
const goArchitectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** This machine by Go's names, as in `linux-amd64`. */
export const target = { os: goSystems[platform] ?? platform, arch: goArchitectures[arch] ?? arch };

function kubernetes(name: string, fits: string, versionArguments: readonly string[]): Tool {
  const version = versions.kubernetes;
  const [major = "", minor = ""] = version.split(".");
  const url = `https://dl.k8s.io/v${version}/bin/${target.os}/${target.arch}/${name}`;
  const variable = "k8s.io/component-base/version";
  return {
    name,
    version,
    versionArguments,
    fits,
    download: { url, checksums: `${url}.sha256`, disk: 120 },
    build: {
      module: "kubernetes",
      package: `k8s.io/kubernetes/cmd/${name}`,
      variables: {
        [`${variable}.gitVersion`]: `v${version}`,
        [`${variable}.gitMajor`]: major,
        [`${variable}.gitMinor`]: minor,
      },
      disk: 1200,
    },
  };
}

function pulumi(): Tool {
  const version = versions.pulumi;
  const site = "https://get.pulumi.com/releases/sdk";
  const cpu = arch === "x64" ? "x64" : target.arch;
  return {
    name: "pulumi",
    version,
    versionArguments: ["version"],
    // An engine may be newer than the SDK, not older.
    fits: `^${version}`,
    download: {
      url: `${site}/pulumi-v${version}-${target.os}-${cpu}.tar.gz`,
      checksums: `${site}/pulumi-${version}-checksums.txt`,
      // The archive also carries the Node.js language host and the policy analyzer, which belong beside the engine.
      archiveFolder: "pulumi",
      disk: 900,
    },
    build: {
      module: "pulumi",
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${version}` },
      disk: 2500,
    },
  };
}

function etcd(): Tool {
  const version = versions.etcd;
  const site = `https://github.com/etcd-io/etcd/releases/download/v${version}`;
  const folder = `etcd-v${version}-${target.os}-${target.arch}`;
  return {
    name: "etcd",
    version,
    versionArguments: ["--version"],
    fits: "~3.6.5",
    download: {
      url: `${site}/${folder}.tar.gz`,
      checksums: `${site}/SHA256SUMS`,
      archiveFolder: folder,
      disk: 120,
    },
    build: { module: "etcd", package: "go.etcd.io/etcd/server/v3", variables: {}, disk: 600 },
  };
}

function kwok(): Tool {
  const version = versions.kwok;
  const repository = "kubernetes-sigs/kwok";
  return {
    name: "kwok",
    version,
    versionArguments: ["--version"],
    fits: "~0.8.0",
    download: {
      url: `https://github.com/${repository}/releases/download/v${version}/kwok-${target.os}-${target.arch}`,
      // This project publishes no list of checksums; GitHub keeps the digest of each file of a release.
      checksums: `https://api.github.com/repos/${repository}/releases/tags/v${version}`,
      disk: 100,
    },
    build: { module: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok", variables: {}, disk: 800 },
  };
}

function helm(): Tool {
  const version = versions.helm;
  const url = `https://get.helm.sh/helm-v${version}-${target.os}-${target.arch}.tar.gz`;
  return {
    name: "helm",
    version,
    versionArguments: ["version", "--short"],
    fits: "~4.3.1",
    download: {
      url,
      checksums: `${url}.sha256sum`,
      archiveFolder: `${target.os}-${target.arch}`,
      disk: 120,
    },
    build: {
      module: "helm",
      package: "helm.sh/helm/v4/cmd/helm",
      variables: { "helm.sh/helm/v4/internal/version.version": `v${version}` },
      disk: 1200,
    },
  };
}

/**
 * Every tool of the sandbox, quickest to build first.
 * A kubectl may be one minor version from its server (Kubernetes' version skew policy); control plane parts are of one minor.
 */
export const tools: readonly Tool[] = [
  etcd(),
  kwok(),
  helm(),
  kubernetes("kubectl", ">=1.35.0 <1.38.0", ["version", "--client"]),
  kubernetes("kube-apiserver", "~1.36.1", ["--version"]),
  kubernetes("kube-controller-manager", "~1.36.1", ["--version"]),
  kubernetes("kube-scheduler", "~1.36.1", ["--version"]),
  pulumi(),
];
