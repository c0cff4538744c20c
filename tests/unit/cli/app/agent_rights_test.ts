import assert from "assert";
import {
  agentRights,
  demand,
  granted,
  kubeconfigRight,
} from "../../../../lib/cli/app/agent_rights.ts";
import { fakeSettings } from "../../../fakes/cli.ts";

const config = (server: string) => `
current-context: b
contexts: [{name: a, context: {cluster: x}}, {name: b, context: {cluster: y}}]
clusters: [{name: x, cluster: {server: "https://x"}}, {name: y, cluster: {server: "${server}"}}]
`;
const agent = fakeSettings("keepalived agent", { kubeconfig: "/k" });

Deno.test("demand() names all that is missing at once, each flag once", () => {
  const rights = [kubeconfigRight(agent), ...agentRights(agent, undefined)];
  assert.throws(
    () => demand(rights, () => false),
    (error: Error) =>
      error.message ===
        "the sandbox refuses what the agent needs: start it with deno run and add " +
          "--allow-read=/k,/etc/keepalived,/run/keepalived.pid --allow-net=API_SERVER " +
          "--allow-write=/etc/keepalived --allow-run=keepalived,kill --allow-env",
  );
});

Deno.test("demand() says nothing of what is there", () => {
  const spawning = agentRights({ ...agent, spawn: true }, config("https://10.0.0.1:6443"));
  assert.throws(
    () => demand(spawning, ({ name }) => name !== "run"),
    /and add --allow-run=keepalived$/,
  );
  demand(spawning, () => true);
});

Deno.test("agentRights() asks for the API server of the current context", () => {
  const cases = [
    ["https://10.0.0.1:6443", "10.0.0.1:6443"],
    ["https://[fd00::1]:6443", "[fd00::1]:6443"],
    ["https://api.example", "api.example:443"],
    ["http://127.0.0.1", "127.0.0.1:80"],
  ] as const;
  for (const [server, host] of cases) {
    const [net] = agentRights(agent, config(server));
    assert.deepEqual(net?.descriptor, { name: "net", host });
  }
});

Deno.test("kubeconfigRight() is the file that is named, that of the person, or the Pod's", () => {
  assert.equal(kubeconfigRight(agent).value, "/k");
  const nameless = fakeSettings("keepalived agent");
  assert.equal(
    kubeconfigRight({ ...nameless, outsideCluster: true }, "/home/a").value,
    "/home/a/.kube/config",
  );
  assert.equal(kubeconfigRight(nameless).value, "/var/run/secrets/kubernetes.io/serviceaccount");
});

Deno.test("granted() asks the permission table", () => {
  assert.equal(granted({ name: "env" }), true);
});
