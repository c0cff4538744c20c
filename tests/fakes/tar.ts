const BLOCK = 512;

/** A tar archive (ustar) with one regular file. */
export function tarOf(name: string, text: string): Uint8Array {
  const data = new TextEncoder().encode(text);
  const header = tarHeader({ name, size: data.length });
  const padding = (BLOCK - data.length % BLOCK) % BLOCK;
  const archive = new Uint8Array(header.length + data.length + padding + 2 * BLOCK);
  archive.set(header);
  archive.set(data, header.length);
  return archive;
}

/** The header block of a tar entry. */
export function tarHeader(
  { name, size, flag = "0" }: { name: string; size: number; flag?: string },
): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => block.set(new TextEncoder().encode(text), at);
  put(0, name);
  put(100, "0000644\0");
  put(124, `${size.toString(8).padStart(11, "0")}\0`);
  put(148, "        ");
  put(156, flag);
  put(257, "ustar\x0000");
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return block;
}
