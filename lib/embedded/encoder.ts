import { stringify } from "yaml";
import type { Json } from "./json.ts";
import { type IncludeObject, partialMetadata, tableOf } from "./table.ts";
import type { Negotiated } from "./negotiate.ts";
import type { KubeObject, ResourceRow } from "./types.ts";

/** How one request wants to see objects of a row. */
export interface Presentation {
  readonly row: ResourceRow;
  readonly form: Negotiated;
  readonly include: IncludeObject;
}

/** JSON text of stored objects, made once for all watchers. */
export class Encoder {
  readonly #texts = new WeakMap<KubeObject, string>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The JSON text of an object as it is. */
  text(object: KubeObject): string {
    const known = this.#texts.get(object);
    if (known !== undefined) return known;
    const text = JSON.stringify(object);
    this.#texts.set(object, text);
    return text;
  }

  /** The JSON text of one object in the asked view. */
  present(object: KubeObject, { row, form, include }: Presentation, headless = false): string {
    const shown = row.storedAs ? row.storedAs.fromStored(object) : object;
    if (form.view === "table") {
      const { resourceVersion } = shown.metadata;
      const metadata = resourceVersion === undefined ? {} : { resourceVersion };
      return JSON.stringify(
        tableOf(row, [shown], { now: this.#now(), include, headless, metadata }),
      );
    }
    return form.view === "metadata" ? JSON.stringify(partialMetadata(shown)) : this.text(shown);
  }

  /** The JSON text of a list in the asked view. */
  presentList(
    items: readonly KubeObject[],
    metadata: { readonly [key: string]: Json },
    { row, form, include }: Presentation,
  ): string {
    const shown = row.storedAs ? items.map(row.storedAs.fromStored) : items;
    if (form.view === "table") {
      return JSON.stringify(tableOf(row, shown, { now: this.#now(), include, metadata }));
    }
    const partial = form.view === "metadata";
    const kind = partial ? "PartialObjectMetadataList" : `${row.kind}List`;
    const version = row.group === "" ? row.version : `${row.group}/${row.version}`;
    const apiVersion = partial ? "meta.k8s.io/v1" : version;
    const texts = shown.map((item) =>
      partial ? JSON.stringify(partialMetadata(item)) : this.text(item)
    );
    const head = JSON.stringify({ kind, apiVersion, metadata }).slice(0, -1);
    return `${head},"items":[${texts.join(",")}]}`;
  }
}

/** An answer with a JSON text, turned to YAML when that was asked for. */
export function textResponse(json: string, form: Negotiated, status = 200): Response {
  const body = form.yaml ? stringify(JSON.parse(json)) : json;
  return new Response(body, { status, headers: { "content-type": form.contentType } });
}

/** A plain JSON answer. */
export function jsonResponse(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json" },
  });
}
