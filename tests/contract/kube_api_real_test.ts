import { parse } from "yaml";
import { KUBE_API_CONTRACT } from "./kube_api.ts";
import { ApiBed, type ApiFetch } from "./kube_api_bed.ts";

const kubeconfig = Deno.env.get("BERTH_CONTRACT_KUBECONFIG");

function pem(data: string): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(data));
}

/** A fetch for the first cluster and user of a kubeconfig with certificates inside. */
function realFetch(path: string): { readonly fetch: ApiFetch; close(): void } {
  const config = parse(Deno.readTextFileSync(path));
  const { server, "certificate-authority-data": authority } = config.clusters[0].cluster;
  const { "client-certificate-data": cert, "client-key-data": key } = config.users[0].user;
  const client = Deno.createHttpClient({
    caCerts: [pem(authority)],
    cert: pem(cert),
    key: pem(key),
  });
  return {
    fetch: (target, init) => fetch(server + target, { ...init, client }),
    close: () => client.close(),
  };
}

for (const [name, check] of Object.entries(KUBE_API_CONTRACT)) {
  Deno.test({
    name: kubeconfig === undefined
      ? `kube-apiserver ${name} (not run: BERTH_CONTRACT_KUBECONFIG names no kubeconfig)`
      : `kube-apiserver ${name}`,
    ignore: kubeconfig === undefined,
    fn: async () => {
      const real = realFetch(kubeconfig ?? "");
      try {
        await using bed = await ApiBed.open(real.fetch);
        await check(bed);
      } finally {
        real.close();
      }
    },
  });
}
