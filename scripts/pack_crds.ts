/**
 * Packs the resource definitions of a Gateway API release into lib/gateway/crds:
 * `deno run -A scripts/pack_crds.ts path/to/gateway-api/config/crd`. They stay word for word; only
 * the form changes (YAML to JSON, one gzip member for each channel).
 */
import { gzipSync } from "node:zlib";
import { parseAllDocuments } from "yaml";
import { ROOT } from "./module_graph.ts";

const CHANNELS = ["standard", "experimental"] as const;

/** Resource definitions out of manifest texts, in the order given; other objects are left out. */
export function definitions(texts: readonly string[]): readonly unknown[] {
  return texts.flatMap((text) => parseAllDocuments(text).map((part): unknown => part.toJS()))
    .filter((object) =>
      (object as { readonly kind?: string } | null)?.kind === "CustomResourceDefinition"
    );
}

/** The source of a data module. */
export function dataModule(channel: string, packed: string): string {
  return `/*
 * Resource definitions of the Gateway API, ${channel} channel, as released by the project
 * (https://gateway-api.sigs.k8s.io). Copyright The Kubernetes Authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except
 * in compliance with the License. You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software distributed under the License
 * is distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express
 * or implied. See the License for the specific language governing permissions and limitations
 * under the License.
 *
 * Made by scripts/pack_crds.ts: a JSON array, gzip, base64.
 */

/** The definitions; read them with \`crdBundle\`. */
export const packed =
  "${packed}";
`;
}

if (import.meta.main) {
  const [folder = "."] = Deno.args;
  for (const channel of CHANNELS) {
    const names = [...Deno.readDirSync(`${folder}/${channel}`)].map(({ name }) => name);
    const files = names.filter((name) => name.startsWith("gateway.")).toSorted();
    const texts = files.map((name) => Deno.readTextFileSync(`${folder}/${channel}/${name}`));
    const json = JSON.stringify(definitions(texts));
    const text = dataModule(channel, gzipSync(json, { level: 9 }).toString("base64"));
    Deno.writeTextFileSync(`${ROOT}lib/gateway/crds/${channel}.ts`, text);
  }
}
