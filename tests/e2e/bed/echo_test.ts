import assert from "assert";
import { echoDeployment, echoService } from "./echo.ts";

interface Made {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly env: readonly { readonly name: string; readonly value?: string }[];
          readonly volumeMounts?: unknown;
        }[];
        readonly volumes?: unknown;
      };
    };
  };
}

function variables(made: Record<string, unknown>): string[] {
  const { spec } = made as unknown as Made;
  return spec.template.spec.containers.flatMap(({ env }) =>
    env.map(({ name, value }) => value === undefined ? name : `${name}=${value}`)
  );
}

Deno.test("echoDeployment() tells the server who it is and what to speak", () => {
  assert.deepEqual(variables(echoDeployment("a")), ["POD_NAME", "NAMESPACE", "SERVICE_NAME=a"]);
  assert.ok(variables(echoDeployment("a", { speaks: "udp" })).includes("UDP_ECHO_SERVER=1"));
  const secure = variables(echoDeployment("a", { speaks: "tcp", tlsSecret: "s" }));
  assert.ok(secure.includes("TLS_SERVER_PRIV_KEY=/etc/tls/tls.key"));
});

Deno.test("echoService() names its port after what is spoken, and adds one for TLS", () => {
  const { spec } = echoService("a", { appProtocol: "kubernetes.io/h2c", tlsSecret: "s" });
  assert.deepEqual(spec, {
    selector: { app: "a" },
    ports: [
      {
        name: "http",
        port: 8080,
        targetPort: 3000,
        protocol: "TCP",
        appProtocol: "kubernetes.io/h2c",
      },
      { name: "tls", port: 8443, targetPort: 8443, protocol: "TCP" },
    ],
  });
});
