import * as v from "valibot";
import { AppError } from "../core/mod.ts";

/** An HTTP answer to `GET /version`. */
export interface ProbeAnswer {
  readonly status: number;
  /** The beginning of the body. */
  readonly body: string;
}

/** Who answered, for messages. */
export interface Answerer {
  readonly cluster: string;
  readonly server: string;
}

const versionBody = v.object({ gitVersion: v.string() });
const statusBody = v.object({ message: v.string() });

/**
 * The API server's version, such as `v1.36.3`.
 *
 * @throws AppError `forbidden` (401, 403) or `unavailable` (429, 5xx, anything that is not an API
 * server's answer), with the remedy
 */
export function readVersion(answer: ProbeAnswer, answerer: Answerer): string {
  const version = answer.status === 200 ? parse(versionBody, answer.body)?.gitVersion : undefined;
  if (version !== undefined) return version;
  const who = `the API server of cluster ${answerer.cluster} at ${answerer.server}`;
  const why = `${answer.status}${reason(answer.body)}`;
  switch (answer.status) {
    case 401:
      throw new AppError(
        `${who} refuses the credentials of its own admin.conf (${why}): ` +
          "renew them with kubeadm certs renew all, or recreate the cluster",
        { kind: "forbidden" },
      );
    case 403:
      throw new AppError(
        `${who} forbids its administrator to read /version (${why}): ` +
          "restore the cluster-admin binding of the group kubeadm:cluster-admins",
        { kind: "forbidden" },
      );
    case 429:
      throw new AppError(`${who} is overloaded (${why}): trying again`, { kind: "unavailable" });
  }
  if (answer.status >= 500) {
    throw new AppError(`${who} is not well (${why}): see its log; trying again`, {
      kind: "unavailable",
    });
  }
  throw new AppError(
    `what answers at ${answerer.server} is not the API server of cluster ${answerer.cluster} ` +
      `(${why}): free that port of other programs`,
    { kind: "unavailable" },
  );
}

/** The message of an API error, else the beginning of whatever came. */
function reason(body: string): string {
  const text = parse(statusBody, body)?.message ?? body;
  const line = text.replace(/[^\x20-\x7e]+/g, " ").trim();
  return line === "" ? "" : `: ${line.length > 120 ? `${line.slice(0, 120)}…` : line}`;
}

function parse<T>(schema: v.GenericSchema<unknown, T>, text: string): T | undefined {
  try {
    return v.parse(schema, JSON.parse(text));
  } catch {
    return undefined;
  }
}
