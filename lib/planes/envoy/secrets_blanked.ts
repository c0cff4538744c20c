/** Fields of Envoy's configuration that hold secrets. */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  "private_key",
  "password",
  "session_ticket_keys",
  "generic_secret",
]);

/** A parsed config dump without private keys; Envoy blanks most of them itself. */
export function blanked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(blanked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      SECRET_FIELDS.has(name) ? "[redacted]" : blanked(one),
    ]),
  );
}
