/** An address for the suite to ask for. Pure. */

const SMALLEST = 28;

/**
 * An address that nobody should have: from the middle of the first IPv4 subnet (`172.18.0.0/16`),
 * far from both ends, where the engine and berth hand out theirs.
 */
export function freeAddress(subnets: readonly string[]): string {
  const [base, length] = subnets.find((one) => one.includes("."))?.split("/") ?? [];
  if (base === undefined || Number(length) > SMALLEST) {
    const found = subnets.join(", ") || "none";
    throw new Error(`no IPv4 subnet of /${SMALLEST} or wider in ${found}: use another network`);
  }
  const first = base.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const middle = first + 2 ** (31 - Number(length)) + 1;
  return [24, 16, 8, 0].map((shift) => Math.floor(middle / 2 ** shift) % 256).join(".");
}
