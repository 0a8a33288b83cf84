import { liveProduction } from "./production.ts";

liveProduction("prod", "gateway");
