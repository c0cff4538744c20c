import fc from "fast-check";

/** The parts of an OpenAPI v3 schema that decide what a value may be. */
export interface ValueSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly required?: readonly string[];
  readonly items?: ValueSchema;
  readonly additionalProperties?: ValueSchema | boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
}

/** Values for places that a schema does not describe well enough: references, ports, names. */
export type Overrides = readonly (readonly [place: RegExp, values: fc.Arbitrary<unknown>])[];

/** Most elements of a list: a plan with more shows nothing new. */
const MOST = 3;

/**
 * Values that a schema lets through, mostly short and sometimes as long as may be. Rules between
 * fields are not looked at. `place` of an override is matched with a path like
 * `spec.rules[].timeouts.request`; undefined as a value leaves the field out.
 */
export function schemaArbitrary(
  schema: ValueSchema,
  overrides: Overrides,
  place = "spec",
): fc.Arbitrary<unknown> {
  const own = overrides.find(([pattern]) => pattern.test(place));
  if (own !== undefined) return own[1];
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case "string":
      return texts(schema);
    case "integer":
      return numbers(schema);
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(schemaArbitrary(schema.items ?? {}, overrides, `${place}[]`), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(MOST, schema.minItems ?? 0),
      });
    default:
      return objects(schema, overrides, place);
  }
}

function objects(schema: ValueSchema, overrides: Overrides, place: string): fc.Arbitrary<unknown> {
  const { properties = {}, required = [] } = schema;
  const members = Object.entries(properties).map(([name, member]) => [
    name,
    schemaArbitrary(member, overrides, `${place}.${name}`),
  ]);
  return fc.record<Record<string, unknown>>(Object.fromEntries(members), {
    requiredKeys: required.filter((name) => name in properties),
  }).map((found) =>
    Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
  );
}

function numbers({ minimum = -(2 ** 31), maximum = 2 ** 31 - 1 }: ValueSchema) {
  return fc.oneof(
    fc.integer({ min: minimum, max: maximum }),
    fc.integer({ min: minimum, max: Math.min(maximum, minimum + 5) }),
    fc.constantFrom(minimum, maximum),
  );
}

/** Texts that mean something to somebody on the way. */
const PIECES = [
  ...["%", "%%", "%REQ(:path)%", "\\1", "${a}", "{a}", "*", "/", "//", "..", "?", "#", ":", ";"],
  ...[",", " ", "\t", "\n", "\r\n", "\0", "\u007f", "\u00a0", "\u2028", "ä", "😀", "\ufeff", "("],
  ...[")", "[", "]", "{2}", "+", "|", "^", "$", "\\", "\\d", "(?i)", "a", "b", "Z", "0", "'", '"'],
];

/** Texts as no schema without a pattern forbids them. */
export function oddTexts(maxLength: number, minLength = 0): fc.Arbitrary<string> {
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength;
  return fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom(...PIECES), maxLength: 8 }) },
    { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 20 }) },
    { weight: 1, arbitrary: fc.constantFrom(...PIECES).map((one) => one.repeat(maxLength)) },
  ).map((text) => (text + "x".repeat(minLength)).slice(0, maxLength)).filter((text) =>
    fits(text) && text.isWellFormed()
  );
}

function texts({ pattern, minLength = 0, maxLength = 64 }: ValueSchema): fc.Arbitrary<string> {
  if (pattern === undefined) return oddTexts(maxLength, minLength);
  const shape = new RegExp(pattern);
  return fc.oneof(
    { weight: 6, arbitrary: fc.stringMatching(shape, { size: "small" }) },
    { weight: 1, arbitrary: fc.stringMatching(shape, { size: "medium" }).map(longer(shape)) },
  ).filter((text) => text.length <= maxLength && text.length >= minLength);

  function longer(shape: RegExp): (text: string) => string {
    return (text) => {
      const long = text.slice(0, 1).repeat(maxLength);
      return shape.test(long) ? long : text;
    };
  }
}
