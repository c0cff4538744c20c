/** Manifests of the echo server behind routes. Pure. */
import { ECHO_IMAGE } from "./gateway_images.ts";

/** How an echo server is deployed. */
export interface EchoOptions {
  /** Default 1. */
  readonly replicas?: number;
  readonly namespace?: string;
  /** What it speaks on its port; default "http", which understands WebSockets and h2c too. */
  readonly speaks?: "http" | "grpc" | "tcp" | "udp";
  /** Port of its Service; default 8080. */
  readonly port?: number;
  /** `appProtocol` of that port. */
  readonly appProtocol?: string;
  /** Name of a kubernetes.io/tls Secret: serves TLS on port 8443 too, under that Service port. */
  readonly tlsSecret?: string;
}

/** Environment of a mode, and the container's port in it. */
const MODES = {
  http: { port: 3000, env: {} },
  grpc: { port: 3000, env: { GRPC_ECHO_SERVER: "1" } },
  tcp: { port: 3000, env: { TCP_ECHO_SERVER: "1" } },
  udp: { port: 8080, env: { UDP_ECHO_SERVER: "1" } },
} as const;

const KEYS = "/etc/tls";
const TLS_PORT = 8443;

/** A Deployment under label `app=NAME`. */
export function echoDeployment(name: string, options: EchoOptions = {}): Record<string, unknown> {
  const { replicas = 1, speaks = "http", tlsSecret } = options;
  const labels = { app: name };
  const mode = MODES[speaks];
  const container = {
    name: "echo",
    image: ECHO_IMAGE,
    imagePullPolicy: "IfNotPresent",
    env: environment(name, options),
    ...(speaks === "udp"
      ? {}
      : { readinessProbe: { tcpSocket: { port: mode.port }, periodSeconds: 1 } }),
    ...(tlsSecret === undefined
      ? {}
      : { volumeMounts: [{ name: "tls", mountPath: KEYS, readOnly: true }] }),
  };
  const spec = {
    terminationGracePeriodSeconds: 1,
    containers: [container],
    ...(tlsSecret === undefined
      ? {}
      : { volumes: [{ name: "tls", secret: { secretName: tlsSecret } }] }),
  };
  return {
    metadata: { name, labels },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

/** A ClusterIP Service in front of it; its port is called like the mode. */
export function echoService(name: string, options: EchoOptions = {}): Record<string, unknown> {
  const { speaks = "http", port = 8080, appProtocol, tlsSecret } = options;
  const main = {
    name: speaks,
    port,
    targetPort: MODES[speaks].port,
    protocol: speaks === "udp" ? "UDP" : "TCP",
    ...(appProtocol === undefined ? {} : { appProtocol }),
  };
  const secure = { name: "tls", port: TLS_PORT, targetPort: TLS_PORT, protocol: "TCP" };
  return {
    metadata: { name },
    spec: { selector: { app: name }, ports: tlsSecret === undefined ? [main] : [main, secure] },
  };
}

function environment(name: string, { speaks = "http", tlsSecret }: EchoOptions): unknown[] {
  const field = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } });
  // The server calls the key differently in its raw modes.
  const keyName = speaks === "http" ? "TLS_SERVER_PRIVKEY" : "TLS_SERVER_PRIV_KEY";
  const files = tlsSecret === undefined
    ? {}
    : { TLS_SERVER_CERT: `${KEYS}/tls.crt`, [keyName]: `${KEYS}/tls.key` };
  const values = { SERVICE_NAME: name, ...MODES[speaks].env, ...files };
  return [
    { name: "POD_NAME", ...field("metadata.name") },
    { name: "NAMESPACE", ...field("metadata.namespace") },
    ...Object.entries(values).map(([key, value]) => ({ name: key, value })),
  ];
}
