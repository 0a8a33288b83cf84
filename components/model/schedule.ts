import { z } from "zod";

/** A schedule as cron writes it. */
export const cronSchema = z.string().regex(/^(@(hourly|daily|weekly|monthly|yearly)|(\S+\s+){4}\S+)$/, {
  error: 'must be five fields such as "0 3 * * *", or @daily',
});
