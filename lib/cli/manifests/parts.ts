import type { HealthPlace } from "../app/health_place.ts";
import type { ObjectPlace } from "../app/keepalived_settings.ts";
import type { Manifest } from "./types.ts";

/** Where the modes live. */
const home = "kube-system";
const rbac = "rbac.authorization.k8s.io";

/** One rule of a Role. */
export type Rule = Readonly<Record<string, readonly string[]>>;

/** A ServiceAccount in the modes' namespace. */
export function serviceAccount(name: string): Manifest {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: metadataOf(name, home) };
}

/** A role, and its binding to the ServiceAccount of the same name; cluster-wide, or in a namespace. */
export function rights(
  { name, namespace, rules }: {
    readonly name: string;
    readonly namespace?: string;
    readonly rules: readonly Rule[];
  },
): readonly Manifest[] {
  const kind = namespace === undefined ? "ClusterRole" : "Role";
  const [apiVersion, metadata] = [`${rbac}/v1`, metadataOf(name, namespace)];
  const roleRef = { apiGroup: rbac, kind, name };
  const subjects = [{ kind: "ServiceAccount", name, namespace: home }];
  return [
    { apiVersion, kind, metadata, rules },
    { apiVersion, kind: `${kind}Binding`, metadata, roleRef, subjects },
  ];
}

/** What a mode may do with its Lease, and with its ConfigMap wherever that is. */
export function leaseAndMapRights(
  name: string,
  { lease, map, verbs }: {
    readonly lease: string;
    readonly map: ObjectPlace;
    readonly verbs: readonly string[];
  },
): readonly Manifest[] {
  const [onMap, onLease] = [mapRule(map, verbs), leaseRules(lease)];
  if (map.namespace === home) return rights({ name, namespace: home, rules: [onMap, ...onLease] });
  return [
    ...rights({ name, namespace: map.namespace, rules: [onMap] }),
    ...rights({ name, namespace: home, rules: onLease }),
  ];
}

/** Rights on one ConfigMap. */
export function mapRule({ name }: ObjectPlace, verbs: readonly string[]): Rule {
  return { apiGroups: [""], resources: ["configmaps"], resourceNames: [name], verbs };
}

/** Rights on one Lease. Names do not restrict `create`. */
function leaseRules(name: string): readonly Rule[] {
  const lease = { apiGroups: ["coordination.k8s.io"], resources: ["leases"] };
  return [
    { ...lease, verbs: ["create"] },
    { ...lease, resourceNames: [name], verbs: ["get", "list", "watch", "patch"] },
  ];
}

/** What a Deployment of {@link deploymentOf} runs. */
export interface DeploymentParts {
  readonly name: string;
  readonly image: string;
  /** The command of berth. */
  readonly mode: string;
  /** Where probes and metrics are. */
  readonly health: HealthPlace;
  /** Variables beside those that every mode has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Two replicas, one of which works; no root, nothing writable, no capability. */
export function deploymentOf({ name, image, mode, health, env = {} }: DeploymentParts): Manifest {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(name, home),
    spec: {
      replicas: 2,
      selector: { matchLabels: labelsOf(name) },
      template: {
        metadata: { labels: labelsOf(name) },
        spec: {
          serviceAccountName: name,
          priorityClassName: "system-cluster-critical",
          // no address is needed to run, and without berth nobody gets one
          tolerations: ["control-plane", "master"].map((key) => ({
            key: `node-role.kubernetes.io/${key}`,
            operator: "Exists",
            effect: "NoSchedule",
          })),
          affinity: { podAntiAffinity: apart(name) },
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            runAsGroup: 65532,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [{
            name: "berth",
            image,
            args: [mode, ...healthFlags(health)],
            env: [
              { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
              ...Object.entries({ ...env, ...listenRight(health) }).map(([name, value]) => ({
                name,
                value,
              })),
            ],
            ...probes(health),
            resources: {
              requests: { cpu: "50m", memory: "128Mi" },
              limits: { memory: "512Mi" },
            },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
          }],
        },
      },
    },
  };
}

/** What of the place is not as the mode has it by itself. */
function healthFlags({ host, port, flags, usual }: HealthPlace): readonly string[] {
  return usual ? [] : [`${flags.host}=${host}`, `${flags.port}=${port}`];
}

/** The image's task may listen where the modes do by themselves; this adds another place to that. */
function listenRight({ host, port, usual }: HealthPlace): Readonly<Record<string, string>> {
  if (usual || port === 0) return {};
  const hosts = host === "::" ? ["[::]", "0.0.0.0"] : [host.includes(":") ? `[${host}]` : host];
  return { BERTH_LISTEN: hosts.map((one) => `,${one}:${port}`).join("") };
}

function probes({ port }: HealthPlace) {
  if (port === 0) return {};
  const probe = (path: string) => ({ httpGet: { path, port: "health" }, periodSeconds: 10 });
  return {
    ports: [{ name: "health", containerPort: port }],
    livenessProbe: probe("/healthz"),
    readinessProbe: probe("/readyz"),
  };
}

/** On different nodes where there are some. */
function apart(name: string) {
  const podAffinityTerm = {
    labelSelector: { matchLabels: labelsOf(name) },
    topologyKey: "kubernetes.io/hostname",
  };
  return { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] };
}

function metadataOf(name: string, namespace?: string) {
  return { name, ...(namespace === undefined ? {} : { namespace }), labels: labelsOf(name) };
}

function labelsOf(name: string) {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "berth" };
}
