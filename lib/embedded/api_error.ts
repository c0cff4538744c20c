import type { JsonObject } from "./json.ts";
import type { Cause, GroupResource } from "./types.ts";

/** The `Status` object that the API answers with on failure (and on some successes). */
export type StatusBody = {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: JsonObject;
  readonly status: "Failure" | "Success";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: JsonObject;
  readonly code?: number;
};

interface ApiErrorParts {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: JsonObject;
}

/** A failure with its HTTP code, reason and details as the Kubernetes API reports it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: number;
  readonly reason: string;
  readonly details: JsonObject | undefined;

  constructor(parts: ApiErrorParts) {
    super(parts.message);
    this.code = parts.code;
    this.reason = parts.reason;
    this.details = parts.details;
  }

  /** The body of the answer. */
  status(): StatusBody {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      reason: this.reason,
      ...(this.details && { details: this.details }),
      code: this.code,
    };
  }
}

/** `services` or `deployments.apps`, as messages name a resource. */
export function qualified(resource: GroupResource): string {
  return resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
}

function detailsOf(resource: GroupResource, name: string): JsonObject {
  return { name, ...(resource.group && { group: resource.group }), kind: resource.plural };
}

/** 404: no such object. */
export function notFound(resource: GroupResource, name: string): ApiError {
  const message = `${qualified(resource)} "${name}" not found`;
  return new ApiError({
    code: 404,
    reason: "NotFound",
    message,
    details: detailsOf(resource, name),
  });
}

/** 404: no such path. */
export function unknownPath(): ApiError {
  return new ApiError({
    code: 404,
    reason: "NotFound",
    message: "the server could not find the requested resource",
    details: {},
  });
}

/** 409: create of a name that exists. */
export function alreadyExists(resource: GroupResource, name: string): ApiError {
  const message = `${qualified(resource)} "${name}" already exists`;
  const details = detailsOf(resource, name);
  return new ApiError({ code: 409, reason: "AlreadyExists", message, details });
}

/** 409: the object changed since it was read, or a precondition failed. */
export function conflict(resource: GroupResource, name: string, why?: string): ApiError {
  const text = why ??
    "the object has been modified; please apply your changes to the latest version and try again";
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${text}`;
  return new ApiError({
    code: 409,
    reason: "Conflict",
    message,
    details: detailsOf(resource, name),
  });
}

/** 422: the object breaks rules; every broken one is a cause. */
export function invalid(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly Cause[],
): ApiError {
  const texts = [...new Set(causes.map((cause) => `${cause.field ?? ""}: ${cause.message}`))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  const full = kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
  return new ApiError({
    code: 422,
    reason: "Invalid",
    message: `${full} "${name}" is invalid: ${list}`,
    details: {
      name,
      ...(kind.group && { group: kind.group }),
      kind: kind.kind,
      causes: causes.map((cause) => ({ ...cause })),
    },
  });
}

/** 400: the request makes no sense. */
export function badRequest(message: string): ApiError {
  return new ApiError({ code: 400, reason: "BadRequest", message });
}

/** 403: understood and refused. */
export function forbidden(resource: GroupResource, name: string, why: string): ApiError {
  const message = `${qualified(resource)} "${name}" is forbidden: ${why}`;
  return new ApiError({
    code: 403,
    reason: "Forbidden",
    message,
    details: detailsOf(resource, name),
  });
}

/** 405: the resource does not know the verb. */
export function methodNotAllowed(): ApiError {
  return new ApiError({
    code: 405,
    reason: "MethodNotAllowed",
    message: "the server does not allow this method on the requested resource",
    details: {},
  });
}

/** 406: none of the accepted media types is served. */
export function notAcceptable(served: readonly string[]): ApiError {
  const list = served.join(", ");
  const message = `only the following media types are accepted: ${list}`;
  return new ApiError({ code: 406, reason: "NotAcceptable", message });
}

/** 415: the body's media type is not understood. */
export function unsupportedMediaType(served: readonly string[]): ApiError {
  const list = served.join(", ");
  const message =
    `the body of the request was in an unknown format - accepted media types include: ${list}`;
  return new ApiError({ code: 415, reason: "UnsupportedMediaType", message });
}

/** 410: the history does not reach back to this version; list again. */
export function expired(message: string): ApiError {
  return new ApiError({ code: 410, reason: "Expired", message });
}

/** 504: the client asks for a version that does not exist yet. */
export function versionTooLarge(asked: number, current: number): ApiError {
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`;
  const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
  const details = { causes, retryAfterSeconds: 1 };
  return new ApiError({ code: 504, reason: "Timeout", message, details });
}

/** The `Status` of something done that has no object to show. */
export function success(details: JsonObject): StatusBody {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}
