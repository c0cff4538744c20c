import { stringify } from "yaml";

/** The name of the context, cluster and user in the generated kubeconfig. */
export const CONTEXT = "berth-dev";

/** A kubeconfig for an API server without TLS or credentials. */
export function kubeconfigFor(url: string, context: string = CONTEXT): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: context, cluster: { server: url } }],
    users: [{ name: context, user: {} }],
    contexts: [{
      name: context,
      context: { cluster: context, user: context, namespace: "default" },
    }],
    "current-context": context,
  });
}
