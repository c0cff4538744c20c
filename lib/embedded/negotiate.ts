import { notAcceptable } from "./api_error.ts";

/** How the client wants objects to look. */
export type View = "object" | "table" | "metadata" | "discovery";

/** The chosen form of an answer. */
export interface Negotiated {
  readonly view: View;
  readonly contentType: string;
  readonly yaml: boolean;
}

interface MediaRange {
  readonly type: string;
  readonly params: ReadonlyMap<string, string>;
}

const SERVED = ["application/json", "application/yaml"] as const;

function parseAccept(header: string): readonly MediaRange[] {
  return header.split(",").map((item) => {
    const [type = "", ...params] = item.split(";").map((part) => part.trim());
    const pairs = params.map((param) => param.split("=")).map(([key = "", value = ""]) =>
      [key.trim(), value.trim()] as const
    );
    return { type: type.toLowerCase(), params: new Map(pairs) };
  });
}

function choose({ type, params }: MediaRange, discovery: boolean): Negotiated | undefined {
  if (type === "application/yaml") return { view: "object", contentType: type, yaml: true };
  if (!["application/json", "application/*", "*/*"].includes(type)) return undefined;
  const plain: Negotiated = { view: "object", contentType: "application/json", yaml: false };
  const as = params.get("as");
  if (as === undefined) return plain;
  const group = params.get("g");
  const version = params.get("v");
  if (as === "APIGroupDiscoveryList") {
    if (!discovery || group !== "apidiscovery.k8s.io" || version !== "v2") return undefined;
    const contentType = `application/json;g=${group};v=${version};as=${as}`;
    return { view: "discovery", contentType, yaml: false };
  }
  if (discovery || group !== "meta.k8s.io" || version !== "v1") return undefined;
  if (as === "Table") return { ...plain, view: "table" };
  return as.startsWith("PartialObjectMetadata") ? { ...plain, view: "metadata" } : undefined;
}

/**
 * Chooses the first form of the Accept header that is served.
 *
 * @param discovery true on the roots that offer aggregated discovery instead of tables
 * @throws {ApiError} 406 when none is served
 */
export function negotiate(accept: string | null, discovery = false): Negotiated {
  for (const range of parseAccept(accept ?? "*/*")) {
    const chosen = choose(range, discovery);
    if (chosen) return chosen;
  }
  throw notAcceptable(SERVED);
}
