import { existsSync, readFileSync } from "node:fs";
import type { Environment } from "../../components/model/system.ts";

/** A row of one of the tables of a system's page. */
export interface PageRow {
  ids: string[];
  /** The cell that says where the requirement is met, or what was decided. */
  where: string;
}

/** An object that a page names. */
export interface NamedObject {
  kind: string;
  name: string;
  environment: Environment;
}

/** The page of a system; undefined where there is none. */
export function page(system: string): string | undefined {
  const path = `docs/systems/${system}.md`;
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** The rows of a page's tables that begin with ids. */
export function rows(text: string): PageRow[] {
  return text
    .split("\n")
    .filter((line) => /^\| (X-)?\d{3}-/.test(line))
    .map((line) => {
      const [ids = "", ...cells] = line.split("|").slice(1, -1);
      return { ids: ids.split(",").map((id) => id.trim()), where: (cells.at(-1) ?? "").trim() };
    });
}

/** The objects that a text names as `Kind/name`, of prod where it says nothing else. */
export function namedObjects(text: string): NamedObject[] {
  return [...text.matchAll(/`([A-Z][A-Za-z]+)\/([^`\s]+)(?: in (dev|staging|prod))?`/g)].map(
    ([, kind = "", name = "", environment = "prod"]) => ({ kind, name, environment: environment as Environment }),
  );
}

/** Whether a cell points somewhere: to an object, a command, a page, or says why there is nothing. */
export function pointsSomewhere(where: string): boolean {
  return /`[^`]+`|\]\([^)]+\)|^(not met|not taken|outside): ?\S/.test(where);
}
