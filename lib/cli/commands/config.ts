import type { CommandContext, ConfigPorts } from "../ports.ts";

/** `berth config NAME`: what a proxy runs, as JSON; without a name, which proxies there are. */
export async function config(context: CommandContext, ports: ConfigPorts): Promise<number> {
  const { settings, streams, signal } = context;
  if (settings.proxy !== undefined) {
    const found = await ports.config(settings.proxy, { signal });
    streams.out(`${JSON.stringify(found, undefined, 2)}\n`);
    return 0;
  }
  const proxies = await ports.proxies({ signal });
  for (const { name, key, addresses, published } of proxies) {
    const host = published.length === 0 ? "" : `  on the host: ${published.join(",")}`;
    streams.out(`${name}  ${key}  ${addresses.join(",")}${host}\n`);
  }
  if (proxies.length === 0) streams.err("no proxy runs\n");
  return 0;
}
