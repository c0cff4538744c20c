import { asNumber, asString, compact, without } from "./json.ts";
import type { KubeObject } from "./types.ts";

/** An event of events.k8s.io/v1 as the core/v1 event that is stored. */
export function toCoreEvent(event: KubeObject): KubeObject {
  const rest = without(
    event,
    "regarding",
    "note",
    "deprecatedSource",
    "deprecatedFirstTimestamp",
    "deprecatedLastTimestamp",
    "deprecatedCount",
    "reportingController",
  );
  return compact({
    ...rest,
    apiVersion: "v1",
    involvedObject: event["regarding"],
    message: event["note"],
    source: event["deprecatedSource"],
    firstTimestamp: event["deprecatedFirstTimestamp"],
    lastTimestamp: event["deprecatedLastTimestamp"],
    count: event["deprecatedCount"],
    reportingComponent: event["reportingController"],
  }) as KubeObject;
}

/** A stored core/v1 event as events.k8s.io/v1 shows it. */
export function fromCoreEvent(event: KubeObject): KubeObject {
  const rest = without(
    event,
    "involvedObject",
    "message",
    "source",
    "firstTimestamp",
    "lastTimestamp",
    "count",
    "reportingComponent",
  );
  const count = asNumber(event["count"]);
  return compact({
    ...rest,
    apiVersion: "events.k8s.io/v1",
    regarding: event["involvedObject"],
    note: event["message"],
    deprecatedSource: event["source"],
    deprecatedFirstTimestamp: event["firstTimestamp"],
    deprecatedLastTimestamp: event["lastTimestamp"],
    deprecatedCount: count > 0 ? count : undefined,
    reportingController: asString(event["reportingComponent"]) || undefined,
    reportingInstance: asString(event["reportingInstance"]) || undefined,
  }) as KubeObject;
}
