/** An answer other than success, with the server's own words. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

/** Whether an error says that the object, or its whole kind, is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404;
}
