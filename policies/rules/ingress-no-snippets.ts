import { broken, each, eachObject } from "../judge.ts";
import { ingressKinds } from "../kubernetes/services.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

const controllers = /^[\w.-]*nginx[\w.-]*\//;
const snippet = /^[\w.-]*nginx[\w.-]*\/([\w-]+-)?snippets?$/;
/** Annotations that were a way into the configuration: CVE-2023-5043, CVE-2023-5044, CVE-2025-1097, CVE-2025-1098, CVE-2025-24514. */
const copied =
  /^[\w.-]*nginx[\w.-]*\/(auth-.*|mirror-.*|permanent-redirect|rewrite-target|server-alias|upstream-vhost|proxy-redirect-.*|app-root)$/;
const ending = /[;{}\r\n\x22\x27\\]/;
/** Those of them that are addresses, and what no address has. */
const addresses = /\/(auth-url|auth-signin|mirror-target|mirror-host)$/;
const noAddress = /[\s<>|^`]/;
/** What an attack looks for through any other annotation. */
const sought =
  /\/etc\/(passwd|shadow|group|nginx|ingress-controller|kubernetes)|\/var\/run\/(secrets|kubernetes)|_by_lua|\b(alias|root)\b[^;]*;/i;
const attack =
  /[;\r\n]|\/etc(\/|$)|^\/root(\/|$)|serviceaccount|\/var\/run\/|\.\.\/|\balias\s|by_lua|load_module|lua_package|proxy_pass/i;

export const ingressNoSnippets: Rule = {
  id: "ingress-no-snippets",
  title: "No Ingress writes the controller's configuration",
  severity: "critical",
  levels: mandatoryFrom("staging"),
  what: "No annotation is a snippet of configuration, no annotation that ingress-nginx copies into its configuration has characters that end a directive, none that is an address has characters that no address has, and no other one and no path names what such attacks look for.",
  why: "Whoever can write the configuration of ingress-nginx reads all Secrets that it may read: mostly all there are (CVE-2021-25742 and those after it).",
  remedy: "Remove the annotation; set what it did in the controller's own configuration.",
  sources: [
    "https://github.com/kubernetes/ingress-nginx/issues/7837",
    "Kyverno restrict-ingress-paths, disallow-ingress-nginx-custom-snippets",
    "Checkov CKV_K8S_152, 153, 154",
    "Trivy KCV-0093",
  ],
  ...eachObject(ingressKinds, function* ({ body }) {
    yield* each(body.at("metadata", "annotations").entries, function* ([key, annotation]) {
      if (snippet.test(key) && annotation.set) yield broken(annotation, "is a snippet of configuration");
      else if (copied.test(key) && ending.test(annotation.string ?? ""))
        yield broken(annotation, "has characters that end a directive");
      else if (copied.test(key) && addresses.test(key) && noAddress.test((annotation.string ?? "").trim()))
        yield broken(annotation, "has characters that no address has");
      else if (controllers.test(key) && sought.test(annotation.string ?? ""))
        yield broken(annotation, "names what an attack looks for");
    });
    const paths = body.at("spec", "rules").list.flatMap((rule) => rule.at("http", "paths").items());
    yield* each(paths, function* (path) {
      if (attack.test(path.at("path").string ?? "")) yield broken(path.at("path"), "is what an attack looks like");
    });
  }),
};
