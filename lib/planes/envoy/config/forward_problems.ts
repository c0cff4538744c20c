import type { Forward, Persistence, Share } from "../../../proxy/types.ts";
import { hostOf } from "./header_edit.ts";
import { editProblems, hostProblems, isToken, isValue, pathEditProblems, within } from "./texts.ts";

const MAX_COUNT = 1_000_000;

/** A year. */
const MAX_MILLISECONDS = 31_622_400_000;

/** Why Envoy could not load a forward. */
export function forwardProblems(forward: Forward): readonly string[] {
  return [
    ...editProblems(forward.requestHeaders),
    ...hostProblems(hostOf(forward.requestHeaders)),
    ...rewriteProblems(forward.rewrite),
    ...forward.split.flatMap(shareProblems),
    ...mirrorProblems(forward),
    ...timeProblems(forward),
    ...retryProblems(forward),
    ...(forward.persistence === undefined ? [] : persistenceProblems(forward.persistence)),
  ];
}

function shareProblems(share: Share): readonly string[] {
  return [
    ...editProblems(share.requestHeaders, share.responseHeaders),
    ...hostProblems(hostOf(share.requestHeaders)),
    ...rewriteProblems(share.rewrite),
    ...(within(share.weight, { from: 0, to: MAX_COUNT })
      ? []
      : [`weight ${share.weight} cannot be: use 0 to ${MAX_COUNT}`]),
  ];
}

function rewriteProblems(rewrite: Forward["rewrite"]): readonly string[] {
  return [...hostProblems(rewrite?.hostname), ...pathEditProblems(rewrite?.path)];
}

function mirrorProblems({ mirrors }: Forward): readonly string[] {
  return mirrors
    .filter(({ numerator, denominator }) => !(numerator >= 0 && denominator > 0))
    .map(({ numerator, denominator }) => `${numerator}/${denominator} is no part to mirror`);
}

function timeProblems({ timeoutMs = 0, backendTimeoutMs = 0, retry }: Forward): readonly string[] {
  return [timeoutMs, backendTimeoutMs, retry?.backoffMs ?? 0]
    .filter((time) => !(time >= 0 && time <= MAX_MILLISECONDS))
    .map((time) => `${time} ms cannot be waited: use up to a year`);
}

function retryProblems({ retry }: Forward): readonly string[] {
  if (retry === undefined) return [];
  return [
    ...(within(retry.attempts, { from: 0, to: MAX_COUNT })
      ? []
      : [`${retry.attempts} retries cannot be: use 0 to ${MAX_COUNT}`]),
    ...retry.codes.filter((code) => !within(code, { from: 100, to: 599 }))
      .map((code) => `status ${code} cannot be tried again: use 400 to 599`),
  ];
}

function persistenceProblems({ name, path = "/", ttlSeconds = 0 }: Persistence): readonly string[] {
  return [
    ...(isToken(name) ? [] : [`session name "${name}" holds characters that none may: change it`]),
    ...(path.startsWith("/") && isValue(path) ? [] : [`cookie path "${path}" is none`]),
    ...(within(ttlSeconds, { from: 0, to: MAX_MILLISECONDS / 1000 })
      ? []
      : [`${ttlSeconds} s is no life of a session: use up to a year`]),
  ];
}
