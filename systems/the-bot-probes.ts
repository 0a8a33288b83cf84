/** 002-OBS-1 to 002-OBS-3: the document wants HTTP and exec checks and gives no path. Django refuses unknown host names, so one is sent. */
export const http = (path: string, more: { periodSeconds: number; failureThreshold?: number }) => ({
  http: path,
  port: "http",
  host: "localhost",
  timeoutSeconds: 3,
  ...more,
});
/** A worker answers over the broker; to ask costs a Python process, so it is asked seldom. */
export const worker = (more: { periodSeconds: number; failureThreshold: number }) => ({
  exec: ["sh", "-c", "celery --app thebot inspect ping --destination celery@$HOSTNAME --timeout 10"],
  timeoutSeconds: 20,
  ...more,
});
/** The scheduler is asked by its process: it listens to nothing. */
export const beat = (more: { periodSeconds: number; failureThreshold: number }) => ({
  exec: ["sh", "-c", "kill -0 $(cat /tmp/celerybeat.pid)"],
  timeoutSeconds: 5,
  ...more,
});
