import type { SystemInput } from "../components/model/system.ts";
import { aiAssistantMvp } from "./ai-assistant-mvp.ts";
import { aiAssistantProduction } from "./ai-assistant-production.ts";
import { cluster } from "./cluster.ts";
import { codelab } from "./codelab.ts";
import { theBot } from "./the-bot.ts";

/** Every system that a stack can deploy, by the name that `keelson:system` gives. */
export const systems: Record<string, SystemInput> = {
  cluster,
  codelab,
  "the-bot": theBot,
  "ai-assistant-mvp": aiAssistantMvp,
  "ai-assistant-production": aiAssistantProduction,
};
