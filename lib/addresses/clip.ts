/** Longest text of somebody else's in a message: an event has room for 1024 characters. */
const longest = 120;

/**
 * A text for a message, cut when it is long: a ConfigMap may hold a mebibyte, and the remedy behind
 * it must not be cut off.
 */
export function clip(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
