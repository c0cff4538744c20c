import assert from "assert";
import { errorKind, errorText } from "../../../lib/core/mod.ts";
import { checkNotExpired, expiredDay } from "../../../lib/clusters/certificate.ts";
import { pem } from "../../fakes/admin_conf.ts";

const EXPIRED = { cluster: "one", what: "the certificate", pem: pem("client_expired.pem") };
const END = Date.UTC(2021, 1, 3);

Deno.test("checkNotExpired() accepts a certificate up to its end", () => {
  checkNotExpired(EXPIRED, END - 1);
  checkNotExpired({ ...EXPIRED, pem: pem("client.pem") }, Date.UTC(2100, 0));
});

Deno.test("checkNotExpired() names cluster, day and remedy", () => {
  assert.throws(() => checkNotExpired(EXPIRED, END), (error) => {
    assert.match(
      errorText(error),
      /the certificate of cluster one expired on 2021-02-03: renew .*kubeadm certs renew.*recreate/,
    );
    return errorKind(error) === "forbidden";
  });
});

Deno.test("checkNotExpired() refuses what is no certificate", () => {
  assert.throws(
    () => checkNotExpired({ ...EXPIRED, pem: "nonsense" }, 0),
    (error) => errorKind(error) === "invalid" && /malformed/.test(errorText(error)),
  );
});

Deno.test("expiredDay() recognises an expired peer", () => {
  const rows = [
    [
      "certificate expired: verification time 17 (UNIX), but certificate is not valid after 1609459200 (1 seconds ago)",
      "2021-01-01",
    ],
    ["invalid peer certificate: Expired", ""],
    ["certificate has expired", ""],
    ["invalid peer certificate: BadSignature", undefined],
    ["session expired", undefined],
  ] as const;
  for (const [text, day] of rows) {
    assert.equal(expiredDay(text), day, text);
  }
});
