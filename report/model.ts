import { z } from "zod";

/*
 * What a report says, as data. Every text in it may come from a program, a chart or a cluster: it is cleaned and cut here
 * (`inert-text.ts`, `secrecy.ts`), and whoever renders it makes it inert once more, because the file may come from others.
 */

const count = z.int().nonnegative();
const text = z.string().max(20_000);

/** What the engine does with a resource, several steps of a replacement taken together. */
export const operations = ["create", "update", "replace", "delete", "import", "read", "forget"] as const;
export const operationSchema = z.enum(operations);
export type Operation = z.infer<typeof operationSchema>;

/** How a run ended: nothing in the way; stopped by a mandatory rule; or not done, by the program, a provider or the pack itself. */
export const verdicts = ["clean", "policy", "failed"] as const;
export const verdictSchema = z.enum(verdicts);
export type Verdict = z.infer<typeof verdictSchema>;

/** One field of an object that changes. */
export const fieldChangeSchema = z.strictObject({
  path: text.describe("Where it is: `spec.template.spec.containers[name=app].image`"),
  before: text.optional().describe("As JSON, cut and with secrets masked; absent where the field is added"),
  after: text.optional().describe("The same; absent where the field is removed"),
  lines: text
    .optional()
    .describe("Instead of both, for texts of several lines: what changes, as a unified diff without its head"),
  replaces: z.boolean().optional().describe("Whether this field makes the engine replace the object"),
  noise: z.boolean().optional().describe("Whether it only follows from other changes: checksums, labels of versions"),
});
export type FieldChange = z.infer<typeof fieldChangeSchema>;

/** One resource that changes. */
export const changeSchema = z.strictObject({
  urn: text,
  operation: operationSchema,
  type: text.describe("Type of the resource: `kubernetes:apps/v1:Deployment`"),
  kind: text.describe("Kind of the object, or the type's last part"),
  namespace: text.optional(),
  name: text.describe("Name of the object, or of the resource where it is none of Kubernetes"),
  component: text.describe("The component of the program that it belongs to"),
  chart: text.optional().describe("The chart that renders it"),
  protect: z.boolean().optional(),
  fields: z.array(fieldChangeSchema),
  cut: count.optional().describe("How many more fields change than are listed"),
});
export type Change = z.infer<typeof changeSchema>;

/** What a reviewer must not miss. */
export const alarmKinds = [
  "data",
  "protected",
  "namespace",
  "definition",
  "replacement",
  "deletion",
  "exposure",
  "network",
  "permission",
  "scaled-to-zero",
  "chart",
  "image",
] as const;
export const alarmSchema = z.strictObject({
  kind: z.enum(alarmKinds),
  object: text.describe("Kind, namespace and name: `StatefulSet shop/postgres`"),
  urn: text,
  message: text.describe("What happens, without the object's name"),
  detail: text.optional().describe("The field that causes it, or what it changes from and to"),
});
export type Alarm = z.infer<typeof alarmSchema>;

/** What a rule of a policy pack says of an object. */
export const findingSchema = z.strictObject({
  rule: text,
  pack: text,
  level: z.enum(["mandatory", "advisory"]),
  severity: z.enum(["critical", "high", "medium", "low"]),
  verdict: z.enum(["broken", "waived", "cannot tell"]),
  title: text.describe("What would hold where the rule held"),
  object: text.describe("`Deployment shop/web`; empty for the stack as a whole"),
  container: text.optional(),
  problem: text.describe("The field and what is wrong with it"),
  remedy: text.optional(),
  waiver: z.strictObject({ expires: text, owner: text, reason: text }).optional(),
  urn: text.optional(),
  fingerprint: text.describe("The same for the same rule, object and field in any run"),
  since: z.enum(["new", "existing"]).optional().describe("Against the base branch, where one was given"),
});
export type Finding = z.infer<typeof findingSchema>;

/** Which pack judged, and whether all of it did. */
export const packSchema = z.strictObject({
  name: text,
  version: text,
  judged: z.array(text).describe("Its rules that judged something"),
  missing: z.array(text).describe("Rules that had something to judge and did not"),
  off: z.array(text).describe("Rules that the configuration switches off"),
});
export type Pack = z.infer<typeof packSchema>;

/** What the run could not see. */
export const blindSpotSchema = z.strictObject({
  kind: z.enum(["not-finished", "pack", "chart", "cluster", "unknown", "secret", "rule", "hook"]),
  message: text,
  places: z.array(text).describe("Objects or rules that it is about"),
});
export type BlindSpot = z.infer<typeof blindSpotSchema>;

/** What the pods of a stack request, at their fewest: replicas, or the least of an autoscaler. */
export const capacitySchema = z.strictObject({
  cpu: z.number().describe("Cores"),
  memory: z.number().describe("Bytes"),
  storage: z.number().describe("Bytes of claims, those of StatefulSets included"),
  replicas: count.describe("Pods; one for each DaemonSet, none for Jobs"),
});
export type Capacity = z.infer<typeof capacitySchema>;

/** What program, provider and engine said. */
export const messageSchema = z.strictObject({
  severity: z.enum(["error", "warning"]),
  message: text,
  object: text.optional(),
  urn: text.optional(),
});
export type Message = z.infer<typeof messageSchema>;

/** An arrow of the drawing of what changed. */
export const linkSchema = z.strictObject({ from: text, to: text, label: text });
export type Link = z.infer<typeof linkSchema>;

/** How an operation on one stack went. */
export const stackReportSchema = z.strictObject({
  stack: text,
  environment: text.optional(),
  operation: z.enum(["preview", "update"]),
  verdict: verdictSchema,
  begun: text.optional().describe("When, in UTC: `2026-11-21T16:34:22Z`"),
  durationSeconds: z.number().nonnegative().optional(),
  tools: z.record(z.string(), text).describe("Versions by name: engine, provider plugins"),
  counts: z.strictObject({ ...Object.fromEntries(operations.map((one) => [one, count])), same: count } as Record<
    Operation | "same",
    typeof count
  >),
  changes: z.strictObject({
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/)
      .describe(
        "Of every planned change: URN, operation and new inputs, secrets replaced. `up` is refused for another",
      ),
    list: z.array(changeSchema),
  }),
  alarms: z.array(alarmSchema),
  packs: z.array(packSchema),
  findings: z.array(findingSchema),
  fixed: z.array(findingSchema).describe("What the base branch has and this run has not"),
  blindSpots: z.array(blindSpotSchema),
  capacity: z.strictObject({ before: capacitySchema, after: capacitySchema }),
  messages: z.array(messageSchema),
  links: z.array(linkSchema).describe("Which of the changed components may talk to which others"),
});
export type StackReport = z.infer<typeof stackReportSchema>;

/** What made a run fail, in the engine's or the program's words. */
export function errorsOf({ messages }: Pick<StackReport, "messages">): string[] {
  return messages.filter(({ severity }) => severity === "error").map(({ message }) => message);
}

export const labels = ["failed", "policy", "destructive", "exposure", "permissions"] as const;

/** A report over all stacks of one change. */
export const reportSchema = z.strictObject({
  version: z.literal(1),
  verdict: verdictSchema.describe("The worst of all stacks"),
  context: z.strictObject({
    commit: text.optional(),
    repository: text.optional().describe("Address that links begin with: `https://github.com/acme/platform`"),
    run: text.optional().describe("Address of the run that made the report"),
    base: z.boolean().describe("Whether findings are compared with the base branch's"),
  }),
  labels: z
    .array(z.enum(labels))
    .describe("For a pull request: what it would do that not everybody should approve in passing"),
  stacks: z.array(stackReportSchema),
});
export type Report = z.infer<typeof reportSchema>;

/** The JSON Schema of a report, as it is published. */
export function reportJsonSchema(): unknown {
  return { title: "Keelson report", ...z.toJSONSchema(reportSchema, { target: "draft-7" }) };
}
