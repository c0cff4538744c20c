import assert from "assert";
import { siftInherited } from "../../../lib/cli/inherited_flags.ts";

const cases = [
  {
    line: "ipam --leader-elect-resource-name=kube-vip-cloud-controller",
    args: "ipam --leader-elect-resource-name=kube-vip-cloud-controller",
    ignored: "",
  },
  {
    line: "ipam --cloud-provider kubevip --allow-untagged-cloud -v 4 --kube-api-qps=50",
    args: "ipam -v 4",
    ignored: "--cloud-provider --allow-untagged-cloud --kube-api-qps",
  },
  { line: "ipam --profiling=false --bogus", args: "ipam --bogus", ignored: "--profiling" },
  {
    line: "keepalived --v=2 --logtostderr --alsologtostderr=false --port 0",
    args: "keepalived -v=2 --port 0",
    ignored: "--logtostderr --alsologtostderr",
  },
  {
    line: "ipam --v 2 --add-dir-header --stderrthreshold 2 --stderrthreshold=INFO",
    args: "ipam -v 2",
    ignored: "--add-dir-header --stderrthreshold --stderrthreshold",
  },
  {
    line: "ipam --webhook-tls-cert-file /c --webhook-disable-http2-serving --kubeconfig k",
    args: "ipam --kubeconfig k",
    ignored: "--webhook-tls-cert-file --webhook-disable-http2-serving",
  },
  { line: "run --cloud-provider=x", args: "run --cloud-provider=x", ignored: "" },
];

for (const { line, args, ignored } of cases) {
  Deno.test(`siftInherited() leaves "${args}" of "${line}"`, () => {
    const sifted = siftInherited(line.split(" "));
    assert.equal(sifted.args.join(" "), args);
    assert.equal(sifted.ignored.join(" "), ignored);
  });
}
