import assert from "assert";
import {
  alreadyExists,
  type ApiError,
  conflict,
  expired,
  forbidden,
  invalid,
  notFound,
  qualified,
  success,
  versionTooLarge,
} from "../../../lib/embedded/api_error.ts";
import { required } from "../../../lib/embedded/causes.ts";

const SERVICES = { group: "", plural: "services" };
const DEPLOYMENTS = { group: "apps", plural: "deployments" };

Deno.test("qualified() adds the group", () => {
  assert.deepEqual([SERVICES, DEPLOYMENTS].map(qualified), ["services", "deployments.apps"]);
});

Deno.test("status() renders the body of a failure", () => {
  assert.deepEqual(notFound(DEPLOYMENTS, "web").status(), {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: 'deployments.apps "web" not found',
    reason: "NotFound",
    details: { name: "web", group: "apps", kind: "deployments" },
    code: 404,
  });
  assert.equal(expired("old").status().details, undefined);
});

Deno.test("errors carry the codes and reasons of the API", () => {
  const errors: readonly (readonly [ApiError, number, string])[] = [
    [alreadyExists(SERVICES, "a"), 409, "AlreadyExists"],
    [conflict(SERVICES, "a"), 409, "Conflict"],
    [forbidden(SERVICES, "a", "no"), 403, "Forbidden"],
    [expired("old"), 410, "Expired"],
    [versionTooLarge(9, 3), 504, "Timeout"],
  ];
  for (const [error, code, reason] of errors) {
    assert.deepEqual([error.code, error.reason], [code, reason]);
  }
});

Deno.test("invalid() lists each distinct cause", () => {
  const kind = { group: "", kind: "Service" };
  const one = invalid(kind, "a", [required("spec.ports")]);
  assert.equal(one.message, 'Service "a" is invalid: spec.ports: Required value');
  const two = invalid({ group: "apps", kind: "Deployment" }, "a", [
    required("x"),
    required("y"),
    required("x"),
  ]);
  assert.equal(
    two.message,
    'Deployment.apps "a" is invalid: [x: Required value, y: Required value]',
  );
});

Deno.test("success() is a Status too", () => {
  assert.equal(success({ name: "a" }).status, "Success");
});
