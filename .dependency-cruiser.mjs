/** Which room may import which: the table in docs/architecture.md. `commands`, `benchmarks` and `tests` may import anything. */
const rooms = {
  "components/model": ["components/model"],
  components: ["components"],
  systems: ["components/model", "systems"],
  settings: ["components/model", "settings"],
  topology: ["components", "settings", "topology"],
  policies: ["policies"],
  report: ["policies", "report", "topology"],
  sandbox: ["sandbox"],
  forge: ["forge"],
};

const rule = (room, allowed) => ({
  name: `${room}-imports`,
  comment: `${room} may import ${allowed.join(", ")} and packages only`,
  severity: "error",
  from: { path: `^${room}/`, ...(room === "components" ? { pathNot: "^components/model/" } : {}) },
  to: { pathNot: [...allowed.map((other) => `^${other}/`), "node_modules", "^node:"], dependencyTypesNot: ["core"] },
});

export default {
  forbidden: [
    ...Object.entries(rooms).map(([room, allowed]) => rule(room, allowed)),
    {
      name: "model-is-pure",
      comment: "components/model needs zod and nothing else",
      severity: "error",
      from: { path: "^components/model/" },
      to: { path: "node_modules/(?!zod)" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "nobody-imports-commands",
      severity: "error",
      from: { pathNot: "^(commands|tests)/" },
      to: { path: "^commands/" },
    },
    {
      name: "nobody-imports-benchmarks",
      severity: "error",
      from: { pathNot: "^(benchmarks|tests)/" },
      to: { path: "^benchmarks/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["(^|/)dist/", "^sandbox/charts/.*/templates"] },
    includeOnly: [
      "^(index\\.ts|components|systems|settings|topology|policies|report|sandbox|forge|commands|benchmarks|tests)",
      "node_modules",
      "^node:",
    ],
  },
};
