/** The part of Kubernetes' objects that the kubelet stand-in reads, and its own state. */
import type { KubeObject } from "../kube_api.ts";

/** Name-value pairs. */
export type Strings = Readonly<Record<string, string>>;

/** A reference to one key of a Secret or ConfigMap. */
export interface KeyRef {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean;
}

/** An environment variable. */
export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly fieldRef?: { readonly fieldPath: string };
    readonly configMapKeyRef?: KeyRef;
    readonly secretKeyRef?: KeyRef;
  };
}

/** A readiness check. */
export interface Probe {
  readonly httpGet?: {
    readonly path?: string;
    readonly port: number | string;
    readonly scheme?: "HTTP" | "HTTPS";
    readonly host?: string;
  };
  readonly tcpSocket?: { readonly port: number | string };
  readonly exec?: { readonly command: readonly string[] };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold?: number;
}

/** A container of a Pod. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly {
    readonly configMapRef?: { readonly name: string };
    readonly secretRef?: { readonly name: string };
  }[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly readinessProbe?: Probe;
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath?: string;
    readonly readOnly?: boolean;
  }[];
  readonly securityContext?: {
    readonly privileged?: boolean;
    readonly runAsUser?: number;
    readonly capabilities?: { readonly add?: readonly string[] };
  };
}

/** Which keys of an object become which files. */
export type Items = readonly { readonly key: string; readonly path: string }[];

/** One source of a projected volume. */
export interface Projection {
  readonly serviceAccountToken?: { readonly path: string; readonly expirationSeconds?: number };
  readonly configMap?: {
    readonly name: string;
    readonly items?: Items;
    readonly optional?: boolean;
  };
  readonly secret?: { readonly name: string; readonly items?: Items; readonly optional?: boolean };
  readonly downwardAPI?: { readonly items?: readonly FieldItem[] };
}

/** A file that holds a field of the Pod. */
export interface FieldItem {
  readonly path: string;
  readonly fieldRef?: { readonly fieldPath: string };
}

/** A volume of a Pod. */
export interface Volume {
  readonly name: string;
  readonly secret?: {
    readonly secretName: string;
    readonly items?: Items;
    readonly optional?: boolean;
  };
  readonly configMap?: {
    readonly name: string;
    readonly items?: Items;
    readonly optional?: boolean;
  };
  readonly projected?: { readonly sources: readonly Projection[] };
  readonly downwardAPI?: { readonly items?: readonly FieldItem[] };
  readonly emptyDir?: unknown;
}

/** A condition of a Pod. */
export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly lastTransitionTime: string | null;
}

/** A Pod. */
export interface Pod extends KubeObject {
  readonly metadata: KubeObject["metadata"] & {
    readonly namespace: string;
    readonly uid: string;
    readonly labels?: Strings;
    readonly annotations?: Strings;
    readonly deletionTimestamp?: string;
    readonly deletionGracePeriodSeconds?: number;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly restartPolicy?: "Always" | "OnFailure" | "Never";
    readonly serviceAccountName?: string;
    readonly hostname?: string;
    readonly dnsPolicy?: string;
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly volumes?: readonly Volume[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly startTime?: string;
    readonly conditions?: readonly Condition[];
  };
}

/** A node that Pods can run on. */
export interface NodeState {
  readonly name: string;
  /** Process id of the node's container, the handle of its network namespace. */
  readonly pid: number;
  /** Its addresses that the cluster uses, in the cluster's order of families. */
  readonly addresses: readonly string[];
  /** Its Pod ranges, in the same order. */
  readonly podRanges: readonly string[];
  /** Unix socket on which the node's agent runs probes. */
  readonly probeSocket: string;
}

/** Where a Pod is attached. */
export interface Attachment {
  readonly addresses: readonly string[];
}

/** What is known of one container. */
export interface ContainerState {
  readonly name: string;
  readonly image: string;
  /** The engine's name for it. */
  readonly id: string;
  readonly startedAt: string;
  readonly restarts: number;
  readonly ready: boolean;
  /** Set once it ended and stays ended. */
  readonly ended?: { readonly exitCode: number; readonly at: string };
}
