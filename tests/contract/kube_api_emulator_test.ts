import { serve } from "../../lib/embedded/mod.ts";
import { KUBE_API_CONTRACT } from "./kube_api.ts";
import { ApiBed } from "./kube_api_bed.ts";

for (const [name, check] of Object.entries(KUBE_API_CONTRACT)) {
  Deno.test(`serve() ${name}`, async () => {
    await using api = serve();
    await using bed = await ApiBed.open((path, init) => fetch(api.url + path, init));
    await check(bed);
  });
}
