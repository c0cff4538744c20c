/**
 * A loopback address that other test runs on this machine do not use (`number` from 1 to 254), so
 * that fixed ports on it are free.
 */
export function ownLoopback(number: number): string {
  return `127.${64 + ((Deno.pid >> 8) & 127)}.${Deno.pid & 255}.${number}`;
}

/** A port on `::1`, which is one address for all, that is likely ours. */
export function ownPort(number: number): number {
  return 20_000 + (Deno.pid % 2_000) * 5 + number;
}

/** True when this machine has IPv6 on its loopback interface. */
export function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}
