/** A value that is known only once the deployment has made it, and the path of the field it stands in. */
export interface Unknown {
  readonly unknownAt: string;
}

/** The answer to a question about an object of a preview: yes, no, or not known yet. */
export type Truth = boolean | Unknown;

/** Whether an answer is "not known yet". */
export function isUnknown(truth: Truth): truth is Unknown {
  return typeof truth !== "boolean";
}

/** Yes as soon as one answer is yes; no only if every answer is no; otherwise the first that is not known. */
export function anyOf(...truths: readonly Truth[]): Truth {
  return truths.includes(true) || (truths.find(isUnknown) ?? false);
}

/** No as soon as one answer is no; yes only if every answer is yes; otherwise the first that is not known. */
export function allOf(...truths: readonly Truth[]): Truth {
  return not(anyOf(...truths.map(not)));
}

/** The opposite answer; what is not known stays so. */
export function not(truth: Truth): Truth {
  return isUnknown(truth) ? truth : !truth;
}
