import type { Change, FieldChange } from "../model.ts";
import { calledOf } from "../resources.ts";
import { block, code, folded, htmlCode, sizeOf } from "./inert.ts";
import { counted } from "./numbers.ts";

/** The largest that one component's changes get in a comment; the rest is in the full report. */
const largest = 12_000;

/** What each operation is called, and its sign. */
export const operationNames: Readonly<Record<Change["operation"], string>> = {
  delete: "− deleted",
  replace: "± replaced",
  update: "~ updated",
  create: "+ created",
  import: "← imported",
  read: "· read",
  forget: "× forgotten",
};
const order = Object.keys(operationNames);

/** Changes by component, each folded: what is created and deleted by name, what is updated field by field. */
export function changeBlocks(changes: readonly Change[], budget: number): string[] {
  const components = [...Map.groupBy(changes, ({ component }) => component)];
  const alike = Map.groupBy(components, ([, all]) => likeness(all));
  const many = [...alike].filter(([like, some]) => like !== undefined && some.length >= fewest).map(([, some]) => some);
  const few = components.filter((one) => !many.some((some) => some.includes(one)));
  return [
    ...many.map(alikeBlock),
    ...few
      .sort(([a, of], [b, others]) => gravest(of) - gravest(others) || (a < b ? -1 : 1))
      .map(([component, all]) => componentBlock(component, all, Math.min(budget, largest))),
  ];
}

/** So many components of which the same is created or deleted are told together. */
const fewest = 10;

/** What is created or deleted of a component, by kind; undefined where anything of it is worth a look. */
function likeness(changes: readonly Change[]): string | undefined {
  if (changes.some(isShown)) return undefined;
  return JSON.stringify(changes.map(({ operation, kind }) => [operation, kind].join(" ")).sort());
}

function alikeBlock(components: readonly (readonly [string, readonly Change[]])[]): string {
  const [, changes = []] = components[0] ?? [];
  const kinds = Map.groupBy(changes, ({ operation }) => operation);
  const each = [...kinds].map(([operation, all]) => `${all.length} ${operationNames[operation].slice(2)}`).join(", ");
  const names = components.map(([component]) => component).sort();
  const lines = [...kinds].map(
    ([operation, all]) => `**${operationNames[operation]}**, each: ${all.map(({ kind }) => code(kind)).join(", ")}`,
  );
  const shown = names
    .slice(0, 400)
    .map((name) => code(name))
    .join(", ");
  const more = names.length > 400 ? ` and ${names.length - 400} more` : "";
  return folded(`${components.length} components alike: ${each} of each`, [...lines, `${shown}${more}`].join("\n\n"));
}

function gravest(changes: readonly Change[]): number {
  return Math.min(...changes.map(({ operation }) => order.indexOf(operation)));
}

function componentBlock(component: string, changes: readonly Change[], budget: number): string {
  const counts = order.flatMap((operation) => {
    const number = changes.filter((one) => one.operation === operation).length;
    return number > 0 ? [`${number} ${operationNames[operation as Change["operation"]].slice(2)}`] : [];
  });
  const inDetail = changes.filter((one) => isShown(one));
  const quiet = changes.filter((one) => !isShown(one));
  const texts = [...listed(quiet), ...inDetail.map(objectBlock)];
  const kept: string[] = [];
  let size = 200;
  for (const text of texts) {
    size += sizeOf(text) + 2;
    if (size > budget) break;
    kept.push(text);
  }
  const more = texts.length - kept.length;
  if (more > 0) kept.push(`_${counted(more, "more object")} of this component in the full report._`);
  return folded(`${htmlCode(component)}: ${counts.join(", ")}`, kept.join("\n\n"));
}

/** Whether an object's fields are shown: not those of what is new or gone, nor where all only follows from others. */
function isShown({ operation, fields }: Change): boolean {
  return (operation === "update" || operation === "replace") && fields.some(({ noise }) => !noise);
}

function listed(changes: readonly Change[]): string[] {
  const groups = Map.groupBy(changes, ({ operation, fields }) =>
    operation === "update" && fields.length > 0 ? "~ only checksums and labels of versions" : operationNames[operation],
  );
  return [...groups].map(
    ([name, all]) =>
      `**${name}**: ${all
        .slice(0, 60)
        .map((one) => code(calledOf(one)))
        .join(", ")}${all.length > 60 ? ` and ${all.length - 60} more` : ""}`,
  );
}

function objectBlock(change: Change): string {
  const shown = change.fields.filter(({ noise }) => !noise);
  const quiet = change.fields.length - shown.length;
  const notes = [
    ...(quiet > 0 ? [`${counted(quiet, "field")} that only follow: checksums, labels of versions`] : []),
    ...(change.cut ? [`${counted(change.cut, "more field")} in the full report`] : []),
  ];
  return [
    `**${operationNames[change.operation]}** ${code(calledOf(change))}`,
    block(shown.slice(0, 60).map(fieldLines).join("\n"), "diff"),
    ...(shown.length > 60 ? [`_${counted(shown.length - 60, "more field")} in the full report._`] : []),
    ...(notes.length > 0 ? [`_${notes.join("; ")}._`] : []),
  ].join("\n\n");
}

function fieldLines({ path, before, after, lines, replaces }: FieldChange): string {
  const where = `  ${oneLine(path)}${replaces ? "   # makes the engine replace the object" : ""}`;
  if (lines !== undefined) return [where, ...lines.split("\n")].join("\n");
  return [
    where,
    ...(before === undefined ? [] : [`- ${oneLine(before)}`]),
    ...(after === undefined ? [] : [`+ ${oneLine(after)}`]),
  ].join("\n");
}

function oneLine(text: string): string {
  return text.replaceAll("\n", " ");
}
