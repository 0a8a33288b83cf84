// A data store as it can be described: its schema, the checks across its fields, and what it is reached by.
export * from "./data-store-checks.ts";
export * from "./data-store-relations.ts";
export * from "./data-store-schema.ts";
