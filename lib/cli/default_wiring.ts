import type { Environment } from "../runtime/mod.ts";
import { versionFacts } from "./version_facts.ts";
import type { Wiring } from "./wiring.ts";

/**
 * The ports of the real program. Each command loads what it needs and no more: the Kubernetes
 * client alone costs 0.2 s and 120 MB.
 */
export function createWiring(env: Environment): Wiring {
  return {
    version: versionFacts,
    async images({ envoyImage: image, registry }) {
      const { envoyImage } = await import("../planes/envoy/mod.ts");
      return [image ?? envoyImage(registry)];
    },
    async logging({ verbosity, logFormat }) {
      const { startLogging } = await import("../telemetry/mod.ts");
      return await startLogging({ level: verbosity, format: logFormat });
    },
    async run() {
      const { serveClusters } = await import("./app/serve_clusters.ts");
      return { serve: serveClusters };
    },
    async dev({ streams }) {
      const { serveDev } = await import("./app/serve_dev.ts");
      return { serve: (settings, { signal }) => serveDev(settings, { signal, streams }) };
    },
    async ipam() {
      const { serveIpam } = await import("./app/serve_ipam.ts");
      return { serve: (settings, { signal }) => serveIpam(settings, { signal, env }) };
    },
    async keepalived() {
      const { serveKeepalived } = await import("./app/serve_keepalived.ts");
      return { serve: (settings, { signal }) => serveKeepalived(settings, { signal, env }) };
    },
    async "keepalived agent"() {
      const { serveKeepalivedAgent } = await import("./app/serve_keepalived_agent.ts");
      return { serve: (settings, { signal }) => serveKeepalivedAgent(settings, { signal, env }) };
    },
    async "keepalived render"({ settings }) {
      const { renderSource } = await import("./sources/keepalived_render.ts");
      return renderSource({ settings, env });
    },
    async status({ settings }) {
      const { statusSource } = await import("./sources/status.ts");
      return await statusSource({ settings, env });
    },
    async "status gateways"({ settings }) {
      const { gatewaySource } = await import("./sources/gateways.ts");
      return await gatewaySource({ settings, env });
    },
    async doctor({ settings }) {
      const { doctorSource } = await import("./sources/doctor.ts");
      return doctorSource({ settings, env });
    },
    async cleanup({ settings }) {
      const { cleanupSource } = await import("./sources/cleanup.ts");
      return await cleanupSource({ settings, env });
    },
    async config({ settings }) {
      const { configSource } = await import("./sources/config.ts");
      return await configSource({ settings, env });
    },
    async pools({ settings }) {
      const { poolSource } = await import("./sources/pools.ts");
      return await poolSource({ settings, env });
    },
    async "pools explain"({ settings }) {
      const { explainSource } = await import("./sources/pools_explain.ts");
      return explainSource({ settings, env });
    },
  };
}
