/** A new name for a proxy's directory. */
export function newProxyId(): string {
  return crypto.randomUUID().slice(0, 8);
}
