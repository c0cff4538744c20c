import type { PoolGrant } from "../addresses/types.ts";
import type { Service } from "../kube/types.ts";
import { fieldText, givenTexts, isAllocated, isCopied, isFieldOverOurs } from "./carried.ts";
import { hasFinalizer, isManaged } from "./claim.ts";
import {
  addressesAnnotation,
  cleanupFinalizer,
  copiedAnnotation,
  interfaceAnnotation,
  legacyLabel,
  managedLabel,
  managedValue,
  pendingAnnotation,
} from "./names.ts";
import type { ServicePatch } from "./types.ts";
import type { WishSource } from "./wish.ts";

/** Wanted values; null: it must not be there. */
type Wanted = Readonly<Record<string, string | null>>;

/** Writes a grant into a Service, in one patch; undefined when all is there already. */
export function grantPatch(
  service: Service,
  grant: PoolGrant & { readonly kind: "keep" | "take" },
  source: WishSource,
): ServicePatch | undefined {
  const { labels = {}, annotations = {} } = service.metadata;
  const text = grant.addresses.join(",");
  const ours = source === "pools" || source === "foreign" || source === "field-over-ours";
  const device = grant.kind === "take" && source === "pools" ? grant.interface ?? "" : "";
  const copied = source === "changed-field" ||
    (source === "field" && givenTexts(service).length === 0);
  const isFieldFollowing = ours || isFieldOurs(service);
  const field = isFieldFollowing ? grant.addresses[0] ?? "" : undefined;
  const wanted: Change = {
    annotations: changed(annotations, {
      [pendingAnnotation]: null,
      ...(ours || copied ? { [addressesAnnotation]: text } : {}),
      ...(device === "" ? {} : { [interfaceAnnotation]: device }),
    }),
    labels: changed(
      labels,
      source.endsWith("field") ? { [legacyLabel]: null } : { [managedLabel]: managedValue },
    ),
    ...(field === undefined || field === fieldText(service) ? {} : { loadBalancerIP: field }),
    addFinalizer: !hasFinalizer(service),
  };
  // what the peer wrote is not written again for the mark alone
  const marks = copied ||
    (isFieldFollowing && (!isEmpty(wanted) || copiedAnnotation in annotations));
  const mark: Wanted = marks
    ? { [copiedAnnotation]: text }
    : isManaged(service) && !isFieldFollowing
    ? { [copiedAnnotation]: null }
    : {};
  return patchOf(service, {
    ...wanted,
    annotations: { ...wanted.annotations, ...changed(annotations, mark) },
  });
}

/** Notes in a Service that it waits, and for what. */
export function waitPatch(
  service: Service,
  reason: string,
  source: WishSource,
): ServicePatch | undefined {
  const { annotations = {} } = service.metadata;
  const given = annotations[addressesAnnotation];
  return patchOf(service, {
    annotations: changed(annotations, {
      [pendingAnnotation]: reason,
      // so that after a restart, too, it is known which of the two is the wish
      ...(source === "field-over-ours" && given !== undefined ? { [copiedAnnotation]: given } : {}),
    }),
    labels: {},
    addFinalizer: !hasFinalizer(service),
  });
}

/** Takes what is ours out of a Service that is a LoadBalancer no more, or that goes away. */
export function releasePatch(service: Service): ServicePatch {
  const { labels = {}, annotations = {}, resourceVersion } = service.metadata;
  const finalizers = hasFinalizer(service)
    ? { "$deleteFromPrimitiveList/finalizers": [cleanupFinalizer] }
    : {};
  // while it goes away it still has its addresses
  if (service.metadata.deletionTimestamp !== undefined) {
    return { metadata: { resourceVersion, ...finalizers } };
  }
  const allocated = isAllocated(service);
  const lost: Wanted = {
    [pendingAnnotation]: null,
    [copiedAnnotation]: null,
    ...(allocated || isCopied(service) ? { [addressesAnnotation]: null } : {}),
  };
  return {
    metadata: {
      resourceVersion,
      ...finalizers,
      labels: changed(labels, { [managedLabel]: null }),
      annotations: changed(annotations, lost),
    },
    // also when the annotation was changed since: what stays is its owner's alone
    ...(isFieldOurs(service) && !isFieldOverOurs(service)
      ? { spec: { loadBalancerIP: null } }
      : {}),
  };
}

/** With the label the field was ours; it follows an annotation that was changed, as kube-vip does. */
function isFieldOurs(service: Service): boolean {
  return isManaged(service) && fieldText(service) !== "";
}

interface Change {
  readonly annotations: Wanted;
  readonly labels: Wanted;
  readonly loadBalancerIP?: string;
  readonly addFinalizer: boolean;
}

function patchOf(service: Service, change: Change): ServicePatch | undefined {
  if (isEmpty(change)) return undefined;
  const { annotations, labels, loadBalancerIP, addFinalizer } = change;
  return {
    metadata: {
      resourceVersion: service.metadata.resourceVersion,
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ...(addFinalizer ? { finalizers: [cleanupFinalizer] } : {}),
    },
    ...(loadBalancerIP === undefined ? {} : { spec: { loadBalancerIP } }),
  };
}

function isEmpty({ annotations, labels, loadBalancerIP, addFinalizer }: Change): boolean {
  return !addFinalizer && loadBalancerIP === undefined &&
    Object.keys({ ...annotations, ...labels }).length === 0;
}

/** The wanted values that are not there yet. */
function changed(there: Readonly<Record<string, string>>, wanted: Wanted): Wanted {
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => (there[name] ?? null) !== value),
  );
}
