/** Run by a test with tracing on: one Service is served by a real Worker, then everything ends. */
import { ControllerBed } from "./controller_bed.ts";
import { ownSubnet } from "./own_subnet.ts";

await using one = await ControllerBed.open(ownSubnet(0));
await one.expose("web");
await one.jobs(1);
