import type { Manifest } from "./types.ts";

/** Where the modes live. */
const namespace = "kube-system";
const rbac = "rbac.authorization.k8s.io";

/** One rule of a Role. */
export type Rule = Readonly<Record<string, readonly string[]>>;

/** A ServiceAccount in the modes' namespace. */
export function serviceAccount(name: string): Manifest {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: metadataOf(name) };
}

/** A Role, or a ClusterRole. */
export function role(
  { name, cluster, rules }: {
    readonly name: string;
    readonly cluster: boolean;
    readonly rules: readonly Rule[];
  },
): Manifest {
  const kind = cluster ? "ClusterRole" : "Role";
  return { apiVersion: `${rbac}/v1`, kind, metadata: metadataOf(name, cluster), rules };
}

/** Binds a Role of {@link role} to the ServiceAccount of the same name. */
export function grant(
  { name, cluster }: { readonly name: string; readonly cluster: boolean },
): Manifest {
  return {
    apiVersion: `${rbac}/v1`,
    kind: cluster ? "ClusterRoleBinding" : "RoleBinding",
    metadata: metadataOf(name, cluster),
    roleRef: { apiGroup: rbac, kind: cluster ? "ClusterRole" : "Role", name },
    subjects: [{ kind: "ServiceAccount", name, namespace }],
  };
}

/** Rights on one Lease. Names do not restrict `create`. */
export function leaseRules(name: string): readonly Rule[] {
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
  /** Port of probes and metrics. */
  readonly port: number;
  /** Variables beside those that every mode has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Two replicas, one of which works; no root, nothing writable, no capability. */
export function deploymentOf({ name, image, mode, port, env = {} }: DeploymentParts): Manifest {
  const probe = (path: string) => ({ httpGet: { path, port: "health" }, periodSeconds: 10 });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(name),
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
            args: [mode],
            env: [
              { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
              ...Object.entries(env).map(([name, value]) => ({ name, value })),
            ],
            ports: [{ name: "health", containerPort: port }],
            livenessProbe: probe("/healthz"),
            readinessProbe: probe("/readyz"),
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

/** On different nodes where there are some. */
function apart(name: string) {
  const podAffinityTerm = {
    labelSelector: { matchLabels: labelsOf(name) },
    topologyKey: "kubernetes.io/hostname",
  };
  return { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] };
}

function metadataOf(name: string, cluster = false) {
  return { name, ...(cluster ? {} : { namespace }), labels: labelsOf(name) };
}

function labelsOf(name: string) {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "berth" };
}
