/**
 * A member that a record itself has. Names that users choose may be those of every object, such as
 * `constructor`, and must not find what they never stored.
 */
export function ownMember<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
