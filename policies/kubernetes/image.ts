/** The parts of an image's name. */
export interface Image {
  /** Registry and path: `docker.io/library/nginx` for `nginx`. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

/**
 * Takes an image's name apart, as container runtimes do: the first part is a registry if it has a dot or a port or is
 * `localhost`, and Docker Hub's own images lie in `library`.
 * @see https://github.com/distribution/reference
 */
export function imageOf(name: string): Image {
  const [rest = "", digest] = name.split("@", 2);
  const [, path = rest, tag] = /^(.*?)(?::([^:/]*))?$/.exec(rest) ?? [];
  const [first = "", ...more] = path.split("/");
  const hasRegistry = more.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const [registry, inside] = hasRegistry ? [first, more.join("/")] : ["docker.io", path];
  const isOfDocker = registry === "docker.io" || registry === "index.docker.io";
  const repository = isOfDocker
    ? `docker.io/${inside.includes("/") ? inside : `library/${inside}`}`
    : `${registry}/${inside}`;
  return { repository, tag: tag || undefined, digest };
}

/** Whether an image lies in a registry, or below a path in it: `ghcr.io/example` has `ghcr.io/example/app`, not `ghcr.io/examples/app`. */
export function liesIn(name: string, place: string): boolean {
  const { repository } = imageOf(name);
  const path = place.replace(/\/+$/, "");
  const [first = ""] = path.split("/");
  const full = /[.:]/.test(first) || first === "localhost" ? path : `docker.io/${path}`;
  return repository === full || repository.startsWith(`${full}/`);
}
