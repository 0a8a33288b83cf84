/** How many requirements and contradictions each system's document has: group → the largest number; they count from 1. */
export const requirements: Record<
  string,
  { document: string; groups: Record<string, number>; contradictions: number }
> = {
  "ai-assistant-mvp": {
    document: "000",
    groups: {
      ...{ BAK: 3, CHK: 20, DB: 5, DEP: 6, GIT: 2, HPA: 3, IMG: 1, ING: 4, INS: 5, MON: 5, NP: 4, OPS: 5, PRE: 3 },
      ...{ RBAC: 3, SEC: 2, SVC: 2, TRB: 4, VPA: 2 },
    },
    contradictions: 17,
  },
  codelab: {
    document: "001",
    groups: {
      ...{ AR: 10, ARC: 3, AUTH: 7, BAK: 3, BP: 10, CFG: 1, DB: 7, GW: 7, HPA: 5, ING: 7, INS: 5, LLM: 5, MON: 4 },
      ...{ OPS: 4, PRE: 2, RED: 5, SEC: 4, TRB: 3, VPA: 1 },
    },
    contradictions: 21,
  },
  "the-bot": {
    document: "002",
    groups: {
      ...{ CFG: 1, DB: 4, DEP: 9, DOC: 1, HA: 5, HPA: 3, ING: 2, INS: 4, JOB: 2, NP: 1, NS: 1, OBS: 5, PDB: 1, PKG: 7 },
      ...{ PVC: 2, RBAC: 1, RED: 1, RES: 1, SCR: 3, SEC: 4, SECU: 6, SVC: 1, TST: 3 },
    },
    contradictions: 15,
  },
  "ai-assistant-production": {
    document: "003",
    groups: {
      ...{ BG: 9, CFG: 1, CHK: 5, DEP: 11, EXT: 1, HLT: 2, HPA: 6, ING: 5, MON: 2, NS: 1, OPS: 1, SEC: 2, STR: 1 },
      ...{ SVC: 1, WHY: 1 },
    },
    contradictions: 17,
  },
};

/** Every id that a system's page has to have, sorted. */
export function idsOf(system: string): string[] {
  const found = requirements[system];
  if (!found) return [];
  const { document, groups, contradictions } = found;
  const upTo = (prefix: string, last: number) => Array.from({ length: last }, (_, index) => `${prefix}-${index + 1}`);
  return [
    ...Object.entries(groups).flatMap(([group, last]) => upTo(`${document}-${group}`, last)),
    ...upTo(`X-${document}`, contradictions),
  ].sort();
}
