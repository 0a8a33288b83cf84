import { liveProduction } from "./production.ts";

liveProduction("ai-assistant-mvp-prod", "ai-assistant", { long: true });
