import assert from "assert";
import { renderConf } from "../../../lib/keepalived/render_conf.ts";
import { endpointSlice, lbService } from "../../fakes/kube_objects.ts";

const vrrp = {
  iface: "eth0",
  vrid: 50,
  priority: 100,
  state: "BACKUP",
  advertInterval: 1,
} as const;
const data = { "10.0.0.1": "ns/web", "10.0.0.2": "ns/other", "bad": "" };

Deno.test("renderConf() has virtual servers of the Services that are known", () => {
  const known = (key: string) =>
    key === "ns/web" ? { service: lbService(), slices: [endpointSlice()] } : undefined;
  const { text, problems } = renderConf({ data, vrrp, known });
  assert.match(text, /virtual_server 10\.0\.0\.1 80 \{/);
  assert.equal(text.match(/virtual_server/g)?.length, 1);
  assert.match(text, /10\.0\.0\.2\/32 dev eth0/);
  assert.equal(problems.length, 1);
});

Deno.test("renderConf() without Services has addresses alone", () => {
  const { text } = renderConf({ data, vrrp });
  assert.doesNotMatch(text, /virtual_server/);
  assert.match(text, /10\.0\.0\.1\/32 dev eth0/);
});
