import type { Service } from "../kube/types.ts";
import type { ForwardMethod } from "./types.ts";

/** Annotation of a Service that chooses its LVS method; read by keepalived-cloud-provider, too. */
export const forwardMethodAnnotation = "k8s.co/keepalived-forward-method";

/** The methods, in the order of messages. */
export const forwardMethods: readonly ForwardMethod[] = ["NAT", "DR", "PROXY"];

/** The method of that name in any case, or undefined. */
export function parseForwardMethod(text: string): ForwardMethod | undefined {
  const wanted = text.trim().toUpperCase();
  return forwardMethods.find((method) => method === wanted);
}

/** The method of a Service, and what is wrong with what it asks for. */
export interface WantedMethod {
  readonly method?: string;
  readonly warning?: string;
}

/**
 * The method that a Service asks for, else the default. A name that does not exist changes nothing:
 * what the Service had before stays.
 */
export function wantedMethod(
  service: Service,
  { before, fallback }: { readonly before?: WantedMethod; readonly fallback?: ForwardMethod },
): WantedMethod {
  const byDefault = fallback === undefined ? {} : { method: fallback };
  const text = service.metadata.annotations?.[forwardMethodAnnotation]?.trim() ?? "";
  if (text === "") return byDefault;
  const method = parseForwardMethod(text);
  if (method !== undefined) return { method };
  const warning = `annotation ${forwardMethodAnnotation} is "${text}": use NAT, DR or PROXY ` +
    `(until then ${(before ?? byDefault).method ?? "NAT"} stays)`;
  return { ...before ?? byDefault, warning };
}
