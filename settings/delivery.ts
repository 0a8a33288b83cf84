import { type Deliveries, type Delivery, type DeliveryTool, deliverySchemas } from "../components/model/gitops.ts";
import { check } from "../components/model/problems.ts";
import type { Problem } from "../components/model/system.ts";
import { merge } from "./merge.ts";

/** The tool that a stack chooses, with what the system's document says of it beneath what the stack says. */
export function chosenDelivery(
  documented: Deliveries,
  chosen: Deliveries | undefined,
): { delivery?: Delivery; problems: Problem[] } {
  if (!chosen) return { problems: [] };
  const tools = Object.keys(chosen) as DeliveryTool[];
  const [tool] = tools;
  if (!tool || tools.length > 1) {
    const message = tool ? `names ${tools.length} tools: ${tools.join(", ")}` : "names no tool";
    return {
      problems: [{ path: ["gitops"], message, fix: `exactly one of: ${Object.keys(deliverySchemas).join(", ")}` }],
    };
  }
  const { value, problems } = check(deliverySchemas[tool], merge(documented[tool] ?? {}, chosen[tool]));
  return {
    ...(value ? { delivery: { tool, ...value } as Delivery } : {}),
    problems: problems.map((problem) => ({ ...problem, path: ["gitops", tool, ...problem.path] })),
  };
}
