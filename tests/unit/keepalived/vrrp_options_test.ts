import assert from "assert";
import { vrrpOptions, type VrrpRequest } from "../../../lib/keepalived/vrrp_options.ts";

const request: VrrpRequest = {
  iface: "eth0",
  vrid: 50,
  priority: 100,
  state: "BACKUP",
  advertInterval: "1",
  useUnicast: false,
  sources: [],
  peers: [],
};

Deno.test("vrrpOptions() keeps unicast away unless it is asked for", () => {
  const answer = vrrpOptions({ ...request, sources: ["10.0.0.1"] });
  assert.ok(answer.ok);
  assert.equal(answer.options.unicast, undefined);
});

Deno.test("vrrpOptions() takes hundredths of a second and canonical addresses", () => {
  const answer = vrrpOptions({
    ...request,
    advertInterval: "0.05",
    useUnicast: true,
    sources: ["FD00::1"],
    peers: ["10.0.0.2"],
  });
  assert.ok(answer.ok);
  assert.equal(answer.options.advertInterval, 0.05);
  assert.deepEqual(answer.options.unicast, { sources: ["fd00::1"], peers: ["10.0.0.2"] });
});

const bad: readonly { readonly change: Partial<VrrpRequest>; readonly problem: RegExp }[] = [
  { change: { iface: undefined }, problem: /^--iface is "": give the network interface/ },
  { change: { iface: "eth0 {" }, problem: /^--iface is "eth0 \{"/ },
  { change: { iface: "a-name-that-is-too-long" }, problem: /^--iface/ },
  { change: { advertInterval: "0" }, problem: /^--advert-interval is "0": use 0.01 to 40 seconds/ },
  { change: { advertInterval: "41" }, problem: /^--advert-interval/ },
  { change: { advertInterval: "1 }" }, problem: /^--advert-interval/ },
  { change: { useUnicast: true }, problem: /^--use-unicast needs --unicast-source/ },
  { change: { peers: ["10.0.0.2"] }, problem: /^--peer needs --use-unicast: add it/ },
  { change: { peers: ["web"] }, problem: /^--peer is "web": give an IP address/ },
];

for (const { change, problem } of bad) {
  Deno.test(`vrrpOptions() refuses ${JSON.stringify(change)}`, () => {
    const answer = vrrpOptions({ ...request, ...change });
    assert.ok(!answer.ok);
    assert.match(answer.problems[0] ?? "", problem);
  });
}

Deno.test("vrrpOptions() tells all that is wrong at once", () => {
  const answer = vrrpOptions({ ...request, iface: "", advertInterval: "x" });
  assert.ok(!answer.ok);
  assert.equal(answer.problems.length, 2);
});
