import { configText } from "../config_view.ts";
import type { CommandContext, ConfigPorts } from "../ports.ts";

/** `berth config NAME`: what a proxy runs; without a name, which proxies there are. */
export async function config(context: CommandContext, ports: ConfigPorts): Promise<number> {
  const { settings: { proxy: name, output }, streams, signal } = context;
  const json = (value: unknown) => streams.out(`${JSON.stringify(value, undefined, 2)}\n`);
  if (name !== undefined) {
    const { proxy, dump, summary } = await ports.config(name, { signal });
    if (output === "json") json(dump);
    else streams.out(configText({ name, proxy, summary: summary(), width: streams.width }));
    return 0;
  }
  const proxies = await ports.proxies({ signal });
  if (output === "json") {
    json({ proxies });
    return 0;
  }
  for (const { name, key, addresses, published } of proxies) {
    const host = published.length === 0 ? "" : `  on the host: ${published.join(",")}`;
    streams.out(`${name}  ${key}  ${addresses.join(",")}${host}\n`);
  }
  if (proxies.length === 0) streams.err("no proxy runs\n");
  return 0;
}
