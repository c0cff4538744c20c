/** The emulator in a process of its own, so that its work is not counted as berth's. */
import { serve } from "../../../lib/embedded/mod.ts";

const api = serve({ historySize: 50_000 });
api.seedSample();
Deno.stdout.writeSync(new TextEncoder().encode(`${api.url}\n`));
// until whoever started it closes its input
for await (const _ of Deno.stdin.readable);
await api[Symbol.asyncDispose]();
