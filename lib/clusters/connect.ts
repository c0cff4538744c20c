import { AppError, type Clock, errorKind, systemClock } from "../core/mod.ts";
import type { ContainerEngine } from "../runtime/types.ts";
import { readVersion } from "./answer.ts";
import { checkNotExpired } from "./certificate.ts";
import { apiEndpoints } from "./endpoints.ts";
import { clusterIdentity } from "./identity.ts";
import { type Credentials, parseAdminConf, writeKubeconfig } from "./kubeconfig.ts";
import { httpsProbe, type Probe } from "./probe.ts";
import { firstAnswer } from "./first_answer.ts";
import type { ClusterAccess, ClusterNode, KindCluster } from "./types.ts";

/** Where kubeadm leaves the administrator's kubeconfig in a control-plane node. */
const ADMIN_CONF = "/etc/kubernetes/admin.conf";

/** What {@link connectOnce} needs. */
export interface ConnectOptions {
  readonly engine: Pick<ContainerEngine, "readFile">;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  readonly probe?: Probe;
}

/**
 * Reads a cluster's credentials and finds the endpoint at which its API server answers.
 *
 * @throws AppError `not-found` while the cluster is being created, `unavailable` or `timeout` when
 * no endpoint answers, `forbidden` for refused or expired credentials
 */
export async function connectOnce(
  cluster: KindCluster,
  { engine, signal, clock = systemClock, probe = httpsProbe(clock) }: ConnectOptions,
): Promise<ClusterAccess> {
  const credentials = await readCredentials(engine, cluster);
  const what = "the administrator's certificate";
  checkNotExpired({ cluster: cluster.name, what, pem: credentials.clientCertificate }, clock.now());
  const endpoints = apiEndpoints(cluster, credentials.server);
  const { endpoint, answer } = await firstAnswer(endpoints, {
    cluster: cluster.name,
    signal,
    probe: (server, one) => probe(server, { credentials, signal: one }),
  });
  const { server } = endpoint;
  return {
    cluster: cluster.name,
    identity: await clusterIdentity(cluster, credentials.ca),
    server,
    via: endpoint.kind,
    version: readVersion(answer, { cluster: cluster.name, server }),
    kubeconfig: writeKubeconfig(cluster.name, { ...credentials, server }),
  };
}

async function readCredentials(
  engine: ConnectOptions["engine"],
  cluster: KindCluster,
): Promise<Credentials> {
  const planes = cluster.nodes.filter(({ role, up }) => role === "control-plane" && up);
  let failure: unknown = stopped(cluster);
  for (const { container } of planes) {
    try {
      return parseAdminConf(await engine.readFile(container, ADMIN_CONF));
    } catch (error) {
      failure = error;
    }
  }
  if (planes.length > 0 && errorKind(failure) === "not-found") throw unfinished(cluster, failure);
  throw failure;
}

function stopped({ name, nodes }: KindCluster): AppError {
  const names = nodes.filter(isControlPlane).map((node) => node.name).join(" ");
  return new AppError(
    `the control plane of cluster ${name} is stopped: start it with docker start ${names}`,
    { kind: "unavailable" },
  );
}

function unfinished({ name }: KindCluster, cause: unknown): AppError {
  return new AppError(`cluster ${name} is being created: ${ADMIN_CONF} is not there yet`, {
    kind: "not-found",
    cause,
  });
}

function isControlPlane({ role }: ClusterNode): boolean {
  return role === "control-plane";
}
