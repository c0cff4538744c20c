/**
 * A subnet of 16 loopback addresses that other test runs on this machine do not use; its Services
 * get seven of them. `number` from 0 to 15, one for each test of a run.
 */
export function ownSubnet(number: number): string {
  return `127.${192 + ((Deno.pid >> 8) & 31)}.${Deno.pid & 255}.${16 * number}/28`;
}

/** How many addresses of a subnet of {@link ownSubnet} are given out by themselves. */
export const subnetRoom = 7;
