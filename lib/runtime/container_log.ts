import type { EngineClient } from "./client.ts";
import { FrameReader } from "./frames.ts";
import type { LogLimits } from "./types.ts";

/** The newest of what a container's program wrote, both outputs in the order that they came. */
export function containerLog(
  client: Pick<EngineClient, "get">,
  container: string,
  { lines, bytes }: LogLimits,
): Promise<Uint8Array> {
  const path = `/containers/${encodeURIComponent(container)}/logs`;
  const query = { stdout: true, stderr: true, tail: lines };
  return client.get(`read the log of container ${container}`, { path, query }, async (stream) => {
    const frames = new FrameReader();
    const newest = new NewestBytes(bytes);
    for await (const chunk of stream) {
      for (const { data } of frames.read(chunk)) newest.push(data);
    }
    return newest.all();
  });
}

/** Keeps so many bytes and forgets those before them. */
class NewestBytes {
  readonly #most: number;
  readonly #pieces: Uint8Array<ArrayBuffer>[] = [];
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  push(piece: Uint8Array): void {
    this.#pieces.push(new Uint8Array(piece));
    this.#size += piece.length;
    for (let first = this.#pieces[0]; first !== undefined; first = this.#pieces[0]) {
      if (this.#size - first.length < this.#most) return;
      this.#pieces.shift();
      this.#size -= first.length;
    }
  }

  async all(): Promise<Uint8Array> {
    const all = new Uint8Array(await new Blob(this.#pieces).arrayBuffer());
    return all.subarray(Math.max(0, all.length - this.#most));
  }
}
