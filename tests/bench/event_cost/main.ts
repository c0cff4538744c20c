/**
 * What one event costs by the number of Services there are: it must not depend on it.
 *
 *     deno task bench:events [services...]
 *
 * The emulator runs beside, berth's main isolate and its workers run here, on loopback addresses.
 */
import { ApiProcess } from "./api_process.ts";
import { Crowd } from "./crowd.ts";
import { costOf } from "./measure.ts";
import { type Measured, report, steady } from "./report.ts";

const warmUps = 300;
const events = 400;

const say = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
const given = Deno.args.map(Number).filter((size) => size > 0);
const sizes = (given.length > 0 ? given : [10, 1_000, 10_000]).toSorted((a, b) => a - b);
const measured: Measured[] = [];
{
  await using api = await ApiProcess.start();
  await using crowd = await Crowd.open(api);
  let turn = 0;
  for (const size of sizes) {
    say(`making ${size} Services`);
    await crowd.grow(size);
    // spread over all, in an order that no cache likes
    const index = () => (++turn * 7_919) % size;
    const endpoints = () => crowd.changeEndpoints(index(), turn);
    const port = () => crowd.changePort(index(), turn);
    say(`measuring with ${size} Services`);
    await costOf(warmUps, endpoints);
    await costOf(warmUps, port);
    measured.push({ size, event: "EndpointSlice changed", cost: await costOf(events, endpoints) });
    measured.push({ size, event: "Service port changed", cost: await costOf(events, port) });
  }
}
Deno.stdout.writeSync(new TextEncoder().encode(`${report(measured)}\n`));
Deno.exit(steady(measured) ? 0 : 1);
