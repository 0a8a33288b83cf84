import { liveProduction } from "./production.ts";

liveProduction("ai-assistant-production-prod", "ai-assistant", { long: true });
