/**
 * Writes what the schemas of the model say of each field into the built types, as doc comments, so that editors show it where an
 * argument is written. A part of `npm run build`, after the compiler.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { z } from "zod";

interface Comment {
  position: number;
  text: string;
}

/** The parts of a schema's definition that hold other schemas. */
interface Definition {
  innerType?: z.ZodType;
  element?: z.ZodType;
  valueType?: z.ZodType;
  options?: z.ZodType[];
  defaultValue?: unknown;
}
const definition = (schema: z.ZodType) => schema.def as Definition;

for (const file of globSync("dist/model/*.d.ts")) {
  const module: Record<string, unknown> = await import(pathToFileURL(resolve(file.replace(".d.ts", ".js"))).href);
  const text = readFileSync(file, "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const comments = source.statements.flatMap((statement) =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.flatMap(({ name, type }) =>
          commentsOf(module[name.getText()], type, source),
        )
      : [],
  );
  writeFileSync(file, withComments(text, comments));
}

function withComments(text: string, comments: Comment[]): string {
  const last = comments.sort((a, b) => b.position - a.position);
  return last.reduce((all, { position, text }) => `${all.slice(0, position)}${text} ${all.slice(position)}`, text);
}

/** The comments of all fields of a schema, beside the type that the compiler wrote for it. */
function commentsOf(schema: unknown, type: ts.TypeNode | undefined, source: ts.SourceFile): Comment[] {
  if (!(schema instanceof z.ZodType) || !type || !ts.isTypeReferenceNode(type)) return [];
  const [first, second] = type.typeArguments ?? [];
  const { innerType, element, valueType, options } = definition(schema);
  if (innerType) return commentsOf(innerType, first, source);
  if (element) return commentsOf(element, first, source);
  if (valueType) return commentsOf(valueType, second, source);
  if (options && first && ts.isTupleTypeNode(first))
    return options.flatMap((option, index) => commentsOf(option, first.elements[index], source));
  if (!(schema instanceof z.ZodObject) || !first || !ts.isTypeLiteralNode(first)) return [];
  const shape = schema.shape as Record<string, z.ZodType>;
  return first.members.flatMap((member): Comment[] => {
    const field = member.name && shape[member.name.getText(source)];
    if (!field || !ts.isPropertySignature(member)) return [];
    const comment = commentOf(field);
    const inner = commentsOf(field, member.type, source);
    return comment ? [{ position: member.getStart(source), text: comment }, ...inner] : inner;
  });
}

/** What a field means, which numbers it may have, and its default; undefined where there is nothing to say. */
function commentOf(field: z.ZodType): string | undefined {
  const layers = [field];
  for (let inner = definition(field).innerType; inner; inner = definition(inner).innerType) layers.push(inner);
  const meaning = layers.find(({ description }) => description)?.description;
  const preset = layers.map((layer) => definition(layer).defaultValue).find((value) => value !== undefined);
  const { minimum, maximum } = z.toJSONSchema(layers.at(-1) ?? field, { io: "input", unrepresentable: "any" });
  const least = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? [`at least ${minimum}`] : [];
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? [`at most ${maximum}`] : [];
  const range = [...least, ...most].join(", ");
  const empty = JSON.stringify(preset) === "{}" && layers.at(-1) instanceof z.ZodObject;
  const words = [
    meaning,
    range ? `${range.charAt(0).toUpperCase()}${range.slice(1)}.` : undefined,
    preset === undefined || empty ? undefined : `@default ${JSON.stringify(preset)}`,
  ];
  const text = words.filter((word) => word !== undefined).join(" ");
  return text ? `/** ${text.replaceAll("*/", "*\\/")} */` : undefined;
}
