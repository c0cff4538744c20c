import { stringify } from "yaml";

/** The name of the context, cluster and user in the generated kubeconfig. */
export const CONTEXT = "berth-dev";

/**
 * A kubeconfig for an API server without TLS or credentials; some clients refuse plain HTTP unless
 * the configuration says that TLS is not verified.
 */
export function kubeconfigFor(url: string, context: string = CONTEXT): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: context, cluster: { server: url, "insecure-skip-tls-verify": true } }],
    users: [{ name: context, user: {} }],
    contexts: [{
      name: context,
      context: { cluster: context, user: context, namespace: "default" },
    }],
    "current-context": context,
  });
}
