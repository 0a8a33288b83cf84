import { liveProduction } from "./production.ts";

liveProduction("the-bot-prod", "thebot-backend", { long: true });
