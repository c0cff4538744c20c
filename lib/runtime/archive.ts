import { AppError } from "../core/mod.ts";

const BLOCK = 512;
const SIZE = { start: 124, end: 136 };
const TYPE_FLAG = 156;
/** Type flags of regular files; `\0` is the one of old archives. */
const REGULAR = new Set(["0", "\0"]);
/** Records that describe the next entry (POSIX pax, GNU long names). */
const EXTENSIONS = new Set(["x", "g", "L", "K"]);

/** Text of the one file in a tar archive, as the engine makes it for a single path. */
export function fileInArchive(archive: Uint8Array, path: string): string {
  let offset = 0;
  while (offset + BLOCK <= archive.length) {
    const header = archive.subarray(offset, offset + BLOCK);
    const flag = String.fromCharCode(header[TYPE_FLAG] ?? 0);
    const start = offset + BLOCK;
    const size = entrySize(header, path);
    if (EXTENSIONS.has(flag)) {
      offset = start + Math.ceil(size / BLOCK) * BLOCK;
      continue;
    }
    if (!REGULAR.has(flag)) throw broken(path, "it is not a regular file", "invalid");
    if (start + size > archive.length) throw broken(path, "the archive ends early", "unavailable");
    return new TextDecoder().decode(archive.subarray(start, start + size));
  }
  throw broken(path, "the archive ends early", "unavailable");
}

function entrySize(header: Uint8Array, path: string): number {
  const field = new TextDecoder().decode(header.subarray(SIZE.start, SIZE.end));
  const octal = /^[0-7]+/.exec(field.trim());
  if (!octal) throw broken(path, "the archive is malformed", "unavailable");
  return Number.parseInt(octal[0], 8);
}

function broken(path: string, why: string, kind: "invalid" | "unavailable"): AppError {
  return new AppError(`cannot read ${path} from the container: ${why}`, { kind });
}
