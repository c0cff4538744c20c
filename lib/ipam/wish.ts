import {
  addressAnnotations,
  addressAsk,
  findAnnotation,
  poolAnnotations,
} from "../addresses/mod.ts";
import type { AddressAsk } from "../addresses/types.ts";
import type { Service } from "../kube/types.ts";
import { fieldText, givenTexts, isAllocated, isCopied, isFieldOverOurs } from "./carried.ts";
import { isManaged } from "./claim.ts";
import { addressesAnnotation } from "./names.ts";
import type { IpamContext } from "./types.ts";

/** Where a Service's addresses come from, which decides what may be written into it. */
export type WishSource =
  /** Nobody asked for certain ones: annotation, field and label are ours to write. */
  | "pools"
  /** Its owner set kube-vip's annotation: that stays as it is. */
  | "annotation"
  /** Its owner set `spec.loadBalancerIP`: that stays as it is. */
  | "field"
  /** Its owner changed the field: our copy of it follows. */
  | "changed-field"
  /** Its owner wrote over the field that was ours: the annotation still is. */
  | "field-over-ours"
  /** Its owner asked by another annotation: kube-vip's is ours to write. */
  | "foreign";

/** What a Service asks for, and where it says so. */
export interface Wish {
  readonly source: WishSource;
  readonly ask: AddressAsk;
}

/** What a wish is read with. */
export type WishContext = Pick<IpamContext, "key" | "namespaceLabels" | "served">;

/** Reads what a Service asks for; what was chosen for it before is no wish. */
export function wishOf(service: Service, context: WishContext): Wish {
  const wish = currentWish(service, context);
  const { served } = context;
  const isPoolNew = served !== undefined && poolText(served) !== poolText(service);
  return isPoolNew ? { ...wish, ask: { ...wish.ask, isPoolNew } } : wish;
}

function poolText(service: Service): string | undefined {
  return findAnnotation(service, poolAnnotations)?.value;
}

function currentWish(service: Service, context: WishContext): Wish {
  const { key, namespaceLabels, served } = context;
  const options = { key, namespaceLabels };
  if (findAnnotation(service, foreignAnnotations) !== undefined) {
    return { source: "foreign", ask: addressAsk(service, options) };
  }
  if (isFieldNewer(service, served)) {
    return { source: "field-over-ours", ask: addressAsk(without(service, "annotation"), options) };
  }
  if (isCopyOutdated(service, served)) {
    return { source: "changed-field", ask: addressAsk(without(service, "annotation"), options) };
  }
  if (isAllocated(service)) {
    return { source: "pools", ask: addressAsk(without(service, "both"), options) };
  }
  const ask = addressAsk(service, options);
  const field = fieldText(service) !== "";
  if (givenTexts(service).length === 0) return { source: field ? "field" : "pools", ask };
  // with both and without the label, the annotation is a copy of the field, or its owner's
  return { source: field && !isManaged(service) ? "field" : "annotation", ask };
}

/** Names of annotations beside kube-vip's own that ask for addresses. */
const foreignAnnotations = addressAnnotations.filter((name) => name !== addressesAnnotation);

/** A changed field beside an annotation that is as we left it is the newer wish. */
function isFieldNewer(service: Service, served: Service | undefined): boolean {
  const field = fieldText(service);
  const seen = served !== undefined && isManaged(service) && field !== "" &&
    field !== fieldText(served) && givenTexts(service).length > 0 &&
    givenTexts(service).join() === givenTexts(served).join();
  return seen || isFieldOverOurs(service);
}

/** The annotation is a copy of what the field said before. */
function isCopyOutdated(service: Service, served: Service | undefined): boolean {
  const [field, given] = [fieldText(service), givenTexts(service).join()];
  if (isManaged(service) || field === "" || given === "" || given === field) return false;
  // a copy of the peer's has no mark: only who saw it before knows it
  const seen = served !== undefined && given === fieldText(served) &&
    given === givenTexts(served).join();
  return isCopied(service) || seen;
}

function without(service: Service, what: "annotation" | "both"): Service {
  const { metadata, spec } = service;
  const { [addressesAnnotation]: _given, ...annotations } = metadata.annotations ?? {};
  const { loadBalancerIP: _field, ...rest } = spec;
  return {
    ...service,
    metadata: { ...metadata, annotations },
    spec: what === "both" ? rest : spec,
  };
}
