import { clearServices, createService } from "./bench_services.ts";
import type { BenchContext, Measurement } from "./bench_row.ts";
import { untilAnswer } from "./client.ts";
import { atMost, median, type Row } from "./figures.ts";
import { pause } from "./wait.ts";

/** Service applied → first HTTP answer, one after the other. */
export const firstAnswer: Measurement = async ({ bed, addresses }) => {
  const times: number[] = [];
  for (let i = 0; i < 21; i++) {
    const started = performance.now();
    await createService(bed, `first-${i}`, { app: "web" });
    await untilAnswer({ address: await addresses.address(`first-${i}`), port: 80 }, quick);
    times.push(performance.now() - started);
    await pause(100);
  }
  await clearServices(bed);
  const [, ...warm] = times;
  const detail = `${Math.round(Math.min(...warm))}-${Math.round(Math.max(...warm))} ms, 20 runs`;
  return [atMost("Service applied → first HTTP answer, median", 100, {
    value: median(warm),
    detail,
  })];
};

/** Many Services together → all answer. */
export const together: Measurement = async (context) => [
  await many(context, 20, 800),
  await many(context, 200, 5_000),
];

async function many(context: BenchContext, count: number, limit: number): Promise<Row> {
  const { bed, addresses } = context;
  const names = Array.from({ length: count }, (_, i) => `many-${count}-${i}`);
  const started = performance.now();
  await Promise.all(names.map(async (name) => {
    await createService(bed, name, { app: "web" });
    await untilAnswer({ address: await addresses.address(name), port: 80 }, quick);
  }));
  const value = performance.now() - started;
  await clearServices(bed);
  return atMost(`${count} Services together → all answer`, limit, { value });
}

/** 20 Services deleted, kubectl waits; against ClusterIP Services in the same run. */
export const deletion: Measurement = async ({ bed, addresses }) => {
  const names = Array.from({ length: 20 }, (_, i) => `gone-${i}`);
  const timeOf = async () => {
    const started = performance.now();
    await bed.kubectl("delete", "services", ...names, "--wait=true");
    return performance.now() - started;
  };
  await Promise.all(
    names.map((name) => createService(bed, name, { app: "web", type: "ClusterIP" })),
  );
  const plain = await timeOf();
  await Promise.all(names.map(async (name) => {
    addresses.forget(name);
    await createService(bed, name, { app: "web" });
    await addresses.address(name);
  }));
  const value = await timeOf();
  const detail = `ClusterIP Services: ${Math.round(plain)} ms`;
  return [atMost("20 deleted, kubectl waits", plain * 1.5, { value, detail })];
};

/** The port of a Service changed → the new port answers. */
export const portChange: Measurement = async ({ bed, addresses }) => {
  await createService(bed, "port", { app: "web", port: 80 });
  const address = await addresses.address("port");
  await untilAnswer({ address, port: 80 }, quick);
  const times: number[] = [];
  for (let i = 1; i <= 11; i++) {
    const port = 80 + i;
    const started = performance.now();
    const body = { spec: { ports: [{ port, targetPort: 8080 }] } };
    await bed.api.patch("/api/v1/namespaces/default/services/port", body);
    await untilAnswer({ address, port }, quick);
    times.push(performance.now() - started);
    await pause(100);
  }
  await clearServices(bed);
  return [atMost("port changed → new port answers, median", 100, { value: median(times) })];
};

const quick = { limitMs: 20_000, everyMs: 5 };
