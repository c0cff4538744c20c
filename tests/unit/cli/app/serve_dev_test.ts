import assert from "assert";
import { serveDev } from "../../../../lib/cli/app/serve_dev.ts";
import { createKubeClient } from "../../../../lib/kube/mod.ts";
import { fakeSettings, FakeStreams } from "../../../fakes/cli.ts";
import { ownSubnet } from "../../../fakes/own_subnet.ts";

/** Streams that let a test wait for a text. */
class WatchedStreams extends FakeStreams {
  #wake = () => {};

  override out(text: string): void {
    super.out(text);
    this.#wake();
  }

  async until(pattern: RegExp): Promise<readonly string[]> {
    for (;;) {
      const found = pattern.exec(this.stdout);
      if (found) return found;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }
}

/** `berth dev` in this process until disposed. */
async function dev(number: number) {
  const stateDir = await Deno.makeTempDir({ prefix: "berth-" });
  const stop = new AbortController();
  const streams = new WatchedStreams();
  const settings = fakeSettings("dev", { stateDir, verbosity: 0 });
  const ended = serveDev(settings, { signal: stop.signal, streams, subnet: ownSubnet(number) });
  return {
    streams,
    kubeconfig: `${stateDir}/kubeconfig`,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
      await Deno.remove(stateDir, { recursive: true });
    },
  };
}

Deno.test("serveDev() tells an address, and a sample answers there", async () => {
  await using running = await dev(9);
  const [, url = ""] = await running.streams.until(/^ {2}default\/web {2}(http:\S+)$/m);
  const response = await fetch(url);
  assert.equal(response.status, 200);
  assert.notEqual(await response.text(), "");
  assert.match(running.streams.stdout, /kubectl expose deployment hello --type=LoadBalancer/);
  assert.ok(running.streams.stdout.includes(`export KUBECONFIG=${running.kubeconfig}`));
});

Deno.test("serveDev() writes a kubeconfig that works, for its owner alone", async () => {
  await using running = await dev(9);
  await running.streams.until(/^ {2}default\/web /m);
  const { mode } = await Deno.stat(running.kubeconfig);
  if (Deno.build.os !== "windows") assert.equal((mode ?? 0) & 0o777, 0o600);
  const client = createKubeClient(await Deno.readTextFile(running.kubeconfig));
  const { signal } = new AbortController();
  const services = "/api/v1/namespaces/default/services";
  const ports = [{ name: "a", port: 18_230 }, { name: "b", port: 18_231, protocol: "UDP" }];
  await client.create(services, {
    ...{ apiVersion: "v1", kind: "Service", metadata: { name: "more" } },
    spec: { type: "LoadBalancer", selector: { app: "web" }, ports },
  }, { signal });
  await running.streams.until(
    /^ {2}default\/more {2}http:\/\/127\.\S+:18230 127\.\S+:18231\/UDP$/m,
  );
  client.close();
});

Deno.test("serveDev() ends at once when nobody wants it any more", async () => {
  const stateDir = await Deno.makeTempDir({ prefix: "berth-" });
  await serveDev(fakeSettings("dev", { stateDir, verbosity: 0 }), {
    signal: AbortSignal.abort(),
    streams: new FakeStreams(),
    subnet: ownSubnet(9),
  });
  await Deno.remove(stateDir, { recursive: true });
});
