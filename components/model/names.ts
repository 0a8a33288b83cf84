import { z } from "zod";

/** A name of an object, a port or a volume: RFC 1123 label, at most 63 characters, starting with a letter so that Services accept it too. */
export const nameSchema = z
  .string()
  .max(63, { error: "must have at most 63 characters" })
  .regex(/^[a-z]([-a-z0-9]*[a-z0-9])?$/, {
    error: 'must be lower-case letters, digits and "-", starting with a letter (RFC 1123 label)',
  })
  .describe("Lower-case letters, digits and dashes (RFC 1123 label).");

/** Name of a namespace: RFC 1123 label, at most 63 characters. */
export const namespaceSchema = z
  .string()
  .max(63, { error: "must have at most 63 characters" })
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, {
    error: 'must be lower-case letters, digits and "-" (RFC 1123 label)',
  })
  .describe("Lower-case letters, digits and dashes (RFC 1123 label).");

/** Name of an object that others made, such as a Secret or an issuer: RFC 1123 subdomain. */
export const objectNameSchema = z
  .string()
  .max(253, { error: "must have at most 253 characters" })
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, {
    error: 'must be lower-case letters, digits, "-" and "." (RFC 1123 subdomain)',
  })
  .describe("Lower-case letters, digits, dashes and dots (RFC 1123 subdomain).");

/** Most characters of a DNS name. */
export const longestHost = 253;

/** A DNS host name: at least two labels, no scheme, no path, no wildcard, and no address: no top-level domain is a number. */
export const hostSchema = z
  .string()
  .max(longestHost, { error: `must have at most ${longestHost} characters` })
  .regex(/^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, {
    error: 'must be a host name such as "app.example.com", with at most 63 characters between dots',
  })
  .describe("A DNS host name, such as app.example.com.");

/** Where a server is: a host name, or an IPv4 address. */
export const addressSchema = hostSchema.or(z.ipv4().describe("An IPv4 address."));

/** The address of a server that speaks HTTP. */
export const urlSchema = z
  .url({ error: 'must be an address such as "https://minio.example.com:9000"', abort: true })
  .regex(/^https?:\/\/[^/]/, { error: 'must begin with "https://" or "http://"' });

/** A TCP or UDP port number. */
export const portSchema = z.int().min(1).max(65535).describe("A port number, 1 to 65535.");

/** Value of a label that says something: at most 63 characters and not empty. */
export const instanceSchema = z
  .string()
  .regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/, {
    error: 'must be 1 to 63 letters, digits, "-", "_" and "." (a label\'s value)',
  })
  .describe("A label's value: at most 63 letters, digits, dashes, underscores and dots.");

/** A name of at most 63 characters, with a DNS name of at most 253 before it or none (k8s.io/apimachinery, `IsQualifiedName`). */
const qualifiedName =
  /^((?=[^/]{1,253}\/)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** Labels that say what an object is, who manages it and what a namespace is called. */
const madeForYou = /^((app|pod-security)\.kubernetes\.io\/|kubernetes\.io\/metadata\.name$)/;

/** The value of a label. */
export const labelValueSchema = z.string().regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/, {
  error: 'must be at most 63 letters, digits, "-", "_" and "."',
});

/** Labels of our own choice. Those that say what an object is and who manages it are made for you. */
export const labelsSchema = z
  .record(
    z
      .string()
      .regex(qualifiedName, { error: 'must be a label such as "app" or "example.com/tier"' })
      .refine((label) => !madeForYou.test(label), {
        error:
          "must not be one that is made for you: app.kubernetes.io/…, pod-security.kubernetes.io/…, kubernetes.io/metadata.name",
      }),
    labelValueSchema,
  )
  .describe("Labels, name → value.");

/** The label of a namespace that names the stack that made it. */
export const stackLabel = "keelson.dev/stack";

/** Annotations of our own choice. */
export const annotationsSchema = z
  .record(
    z
      .string()
      .regex(qualifiedName, { error: 'must be an annotation such as "example.com/team"' })
      .refine((annotation) => !annotation.startsWith("keelson.dev/"), {
        error: "must not begin with keelson.dev/, which is made for you",
      }),
    z.string(),
  )
  .describe("Annotations, name → text.");

/** The labels that select the pods of one workload and never change in its life (a selector is immutable). */
export function selectorLabels(name: string, instance: string): Record<string, string> {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": instance };
}

/** Value of app.kubernetes.io/name on the pods that check a service's idle colour. */
export function smokeName(service: string): string {
  return `${service}-smoke`;
}

/** The recommended labels (kubernetes.io, "Recommended Labels") of every object that we make ourselves. */
export function standardLabels(
  name: string,
  instance: string,
  more: { component?: string; version?: string; partOf?: string } = {},
): Record<string, string> {
  return {
    ...selectorLabels(name, instance),
    ...(more.version ? { "app.kubernetes.io/version": labelValue(more.version) } : {}),
    ...(more.component ? { "app.kubernetes.io/component": more.component } : {}),
    "app.kubernetes.io/part-of": more.partOf ?? instance,
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** Makes a text fit for a label value: at most 63 characters, only letters, digits, "-", "_" and "." */
export function labelValue(text: string): string {
  return text
    .replace(/[^-A-Za-z0-9_.]/g, "_")
    .slice(0, 63)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
}
