/** Untrusted input that was checked: the value, or as a string why it is refused. */
export type Checked<T extends object> = T | Refusal;

/** For the error log; completes `"…" is not polled: it …`. */
export type Refusal = string;

export function isRefusal(checked: object | Refusal): checked is Refusal {
  return typeof checked === 'string';
}

/** The refusal of a target that no location with poll.conf serves. */
export const NOT_SERVED: Refusal =
  'is served by no location of the waiter that includes offload/poll.conf';
