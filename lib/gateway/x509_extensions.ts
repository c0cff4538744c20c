/** Object identifiers of extensions in DER, with tag and length. */
const IDENTIFIERS = {
  /** RFC 5280, section 4.2.1.3. */
  keyUsage: [0x06, 0x03, 0x55, 0x1d, 0x0f],
  /** RFC 7633: must-staple. */
  tlsFeature: [0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x18],
} as const;

const CRITICAL = [0x01, 0x01, 0xff] as const;

/**
 * The value of an extension of a certificate in DER, from its own tag on, or undefined without it.
 * The certificate has been parsed by somebody else: here its bytes are searched.
 */
export function extensionOf(
  certificate: Uint8Array,
  name: keyof typeof IDENTIFIERS,
): Uint8Array | undefined {
  const identifier = IDENTIFIERS[name];
  const at = certificate.findIndex((_, from) => startsWith(certificate, identifier, from));
  if (at < 0) return undefined;
  const behind = at + identifier.length;
  const isCritical = startsWith(certificate, CRITICAL, behind);
  // an OCTET STRING of less than 128 bytes holds it: tag, length
  return certificate.subarray(behind + (isCritical ? CRITICAL.length : 0) + 2);
}

function startsWith(bytes: Uint8Array, start: readonly number[], from: number): boolean {
  return start.every((byte, at) => bytes[from + at] === byte);
}
