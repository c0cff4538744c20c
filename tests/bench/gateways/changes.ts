import { createService } from "../cluster/bench_services.ts";
import { followed } from "../cluster/changes.ts";
import { untilAnswer } from "../cluster/client.ts";
import { atMost, median } from "../cluster/figures.ts";
import { pause } from "../cluster/wait.ts";
import {
  answering,
  clearGateways,
  type GatewayMeasurement,
  group,
  quick,
  rulesTo,
} from "./bench_gateways.ts";

/** A route's Service changed → an answer of the other one. */
export const routeChange: GatewayMeasurement = async (bench) => {
  const { bed } = bench;
  const { target } = await answering(bench, "change");
  const times: number[] = [];
  for (let i = 0; i < 21; i++) {
    const service = i % 2 === 0 ? "next" : "web";
    const started = performance.now();
    await bed.api.patch(`${group}/httproutes/change`, { spec: rulesTo(service) });
    await untilAnswer(target, { ...quick, everyMs: 2, starts: service });
    times.push(performance.now() - started);
    await pause(200);
  }
  await clearGateways(bed);
  const detail = `worst ${Math.round(Math.max(...times))} ms, ${times.length} runs`;
  const value = median(times);
  return [atMost("HTTPRoute changed → effective, median", 100, { value, detail })];
};

/** Endpoint removed and added → requests through a Gateway follow. */
export const endpoints: GatewayMeasurement = async (bench) => {
  const { bed } = bench;
  await createService(bed, "follow", { app: "web", type: "ClusterIP" });
  const { target } = await answering(bench, "follow", "follow");
  const { removed, added } = await followed(bed, target);
  await bed.kubectl("delete", "service", "follow");
  await clearGateways(bed);
  return [
    atMost("endpoint removed → requests follow, median", 50, { value: removed }),
    atMost("endpoint added → requests follow, median", 50, { value: added }),
  ];
};
