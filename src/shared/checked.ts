/**
 * How the deciding code says no to something that others wrote: with the reason, in words
 * for the error log, in the place of the value. Values are objects, so a string says no.
 */
export type Checked<T extends object> = T | Refusal;

/** Completes the sentence `"…" is not polled: it …`. */
export type Refusal = string;

export function isRefusal(checked: object | Refusal): checked is Refusal {
  return typeof checked === 'string';
}

/** The refusal of a target that no location with poll.conf serves. */
export const NOT_SERVED: Refusal =
  'is served by no location of the waiter that includes offload/poll.conf';
