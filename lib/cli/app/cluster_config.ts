import { AppError } from "../../core/mod.ts";
import { inClusterKubeconfig, withTokenFiles } from "../../kube/mod.ts";
import type { Settings } from "../options.ts";
import { withContext } from "../sources/status.ts";

/** Where the kubeconfig comes from. */
type Chosen = Pick<Settings, "kubeconfig" | "context" | "outsideCluster">;

/**
 * The kubeconfig of the one cluster that a mode serves: `--kubeconfig`, `--OutSideCluster`, or the
 * ServiceAccount of the Pod that it runs in.
 *
 * @throws AppError `invalid` when there is none.
 */
export async function clusterConfig(
  { kubeconfig, context, outsideCluster }: Chosen,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const path = kubeconfig ?? (outsideCluster ? homeConfig(env) : undefined);
  if (path === undefined) return inClusterKubeconfig(env);
  const { text } = withContext(await read(path), context);
  return withTokenFiles(text);
}

function homeConfig(env: Readonly<Record<string, string | undefined>>): string {
  const home = env["HOME"] ?? env["USERPROFILE"] ?? "";
  if (home !== "") return `${home}/.kube/config`;
  throw new AppError("--OutSideCluster needs HOME, which is not set: give --kubeconfig FILE", {
    kind: "invalid",
  });
}

async function read(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new AppError(`cannot read the kubeconfig ${path}: give a readable file to --kubeconfig`, {
      kind: "invalid",
      cause,
    });
  }
}
