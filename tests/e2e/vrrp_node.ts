/**
 * What runs inside a network namespace of the VRRP tests.
 *
 *   answer NAME PORT       tells its name to whoever connects
 *   probe ADDRESS PORT     asks every 10 ms who is there; prints "MILLISECONDS NAME" for each answer
 */
const every = 10;
const patience = 300;

const [role = "", first = "", second = ""] = Deno.args;
if (role === "answer") await answer(first, Number(second));
if (role === "probe") await probe(first, Number(second));

async function answer(name: string, port: number): Promise<void> {
  const bytes = new TextEncoder().encode(name);
  for await (const conn of Deno.listen({ hostname: "0.0.0.0", port })) {
    conn.write(bytes).catch(() => {}).finally(() => conn.close());
  }
}

async function probe(hostname: string, port: number): Promise<void> {
  for (;;) {
    const asked = Date.now();
    void ask({ hostname, port }).then((name) => say(`${asked} ${name}`), () => {});
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

async function ask(place: { hostname: string; port: number }): Promise<string> {
  const signal = AbortSignal.timeout(patience);
  using conn = await Deno.connect({ ...place, signal });
  const buffer = new Uint8Array(32);
  const length = await conn.read(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, length));
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
