/** Volumes of a Pod as folders on the host. */
import { dirname, join } from "node:path";
import { ignore, type KubeApi } from "../kube_api.ts";
import { type Place, podField } from "./pod_fields.ts";
import type { FieldItem, Items, Pod, Projection, Strings, Volume } from "./types.ts";

/** File name → content. */
type Files = Record<string, Uint8Array<ArrayBuffer>>;

interface Data {
  readonly data?: Strings;
  readonly binaryData?: Strings;
}

/** Which object a volume takes its files from. */
interface Source {
  /** `secrets/NAME` or `configmaps/NAME`. */
  readonly reference: string;
  readonly items?: Items | undefined;
  readonly optional?: boolean | undefined;
}

/** Reads Secrets and ConfigMaps of a Pod and writes its volumes. */
export class VolumeWriter {
  readonly #api: KubeApi;
  readonly #pod: Pod;
  readonly #place: Place;

  constructor(api: KubeApi, pod: Pod, place: Place) {
    this.#api = api;
    this.#pod = pod;
    this.#place = place;
  }

  /** Writes every volume under `directory`; returns volume name → folder. */
  async write(directory: string): Promise<Map<string, string>> {
    const folders = new Map<string, string>();
    for (const volume of this.#pod.spec.volumes ?? []) {
      const folder = join(directory, volume.name);
      await Deno.mkdir(folder, { recursive: true });
      for (const [path, content] of Object.entries(await this.#files(volume))) {
        const target = join(folder, path);
        await Deno.mkdir(dirname(target), { recursive: true });
        await Deno.writeFile(target, content);
      }
      if (volume.emptyDir) await Deno.chmod(folder, 0o777);
      folders.set(volume.name, folder);
    }
    return folders;
  }

  /** The values of `configmaps/NAME` or `secrets/NAME`; nothing when it does not exist. */
  async values(reference: string): Promise<Strings> {
    const found = await this.#data(reference) ?? {};
    return Object.fromEntries(
      Object.entries(found).map(([key, bytes]) => [key, new TextDecoder().decode(bytes)]),
    );
  }

  async #files(volume: Volume): Promise<Files> {
    if (volume.secret) {
      const { secretName, ...choice } = volume.secret;
      return await this.#chosen({ reference: `secrets/${secretName}`, ...choice });
    }
    if (volume.configMap) {
      const { name, ...choice } = volume.configMap;
      return await this.#chosen({ reference: `configmaps/${name}`, ...choice });
    }
    if (volume.downwardAPI) return this.#fields(volume.downwardAPI.items ?? []);
    const sources = volume.projected?.sources ?? [];
    const parts = await Promise.all(sources.map((source) => this.#projected(source)));
    return Object.assign({}, ...parts);
  }

  async #projected(source: Projection): Promise<Files> {
    if (source.serviceAccountToken) {
      return { [source.serviceAccountToken.path]: encode(await this.#token()) };
    }
    if (source.configMap) {
      const { name, ...choice } = source.configMap;
      return await this.#chosen({ reference: `configmaps/${name}`, ...choice });
    }
    if (source.secret) {
      const { name, ...choice } = source.secret;
      return await this.#chosen({ reference: `secrets/${name}`, ...choice });
    }
    return this.#fields(source.downwardAPI?.items ?? []);
  }

  /** As a kubelet, a volume waits for its object: the caller tries again. */
  async #chosen(source: Source): Promise<Files> {
    const { reference, items, optional } = source;
    const found = await this.#data(reference);
    if (found === undefined && !optional) throw new Error(`${reference} not found`);
    return choose(found ?? {}, items);
  }

  #fields(items: readonly FieldItem[]): Files {
    return Object.fromEntries(items.map((item) => [
      item.path,
      encode(podField(this.#pod, this.#place, item.fieldRef?.fieldPath ?? "")),
    ]));
  }

  async #token(): Promise<string> {
    const { namespace, name, uid } = this.#pod.metadata;
    const account = this.#pod.spec.serviceAccountName ?? "default";
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
    const boundObjectRef = { kind: "Pod", apiVersion: "v1", name, uid };
    const answer = await this.#api.create<{ readonly status: { readonly token: string } }>(path, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 86_400, boundObjectRef },
    });
    return answer.status.token;
  }

  async #data(reference: string): Promise<Files | undefined> {
    const path = `/api/v1/namespaces/${this.#pod.metadata.namespace}/${reference}`;
    const object = await this.#api.get<Data>(path).catch(ignore(404));
    if (object === undefined) return undefined;
    const binary = reference.startsWith("secrets/") ? object.data : object.binaryData;
    const text = reference.startsWith("secrets/") ? {} : object.data;
    return {
      ...mapValues(text ?? {}, encode),
      ...mapValues(binary ?? {}, (value) => Uint8Array.fromBase64(value)),
    };
  }
}

function choose(files: Files, items: Items | undefined): Files {
  if (items === undefined) return files;
  return Object.fromEntries(
    items.flatMap(({ key, path }) => files[key] === undefined ? [] : [[path, files[key]]]),
  );
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function mapValues<T>(map: Strings, change: (value: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
