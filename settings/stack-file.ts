import { z } from "zod";
import { stackSchema } from "./schema.ts";

type JsonSchema = Record<string, unknown>;

/** An encrypted value, as `pulumi config set --secret` writes it. */
const encrypted = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};

/** The JSON Schema of Pulumi.<stack>.yaml, for completion and checks in editors. */
export function stackFileSchema(): JsonSchema {
  const { properties, required } = z.toJSONSchema(stackSchema, {
    io: "input",
    unrepresentable: "any",
    target: "draft-7",
  }) as {
    properties: Record<string, JsonSchema>;
    required: string[];
  };
  properties.secrets = { ...properties.secrets, additionalProperties: encrypted };
  const keys = Object.entries(properties).map(([key, schema]) => [`keelson:${key}`, schema]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Keelson stack file",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(keys),
        required: required.map((key) => `keelson:${key}`),
        // Other packages' configuration, such as kubernetes:…; an unknown key of ours is a mistake.
        patternProperties: { "^(?!keelson:)[^:]+:": {} },
        additionalProperties: false,
      },
      secretsprovider: { type: "string" },
      encryptionsalt: { type: "string" },
      encryptedkey: { type: "string" },
      environment: {},
    },
    additionalProperties: false,
  };
}
