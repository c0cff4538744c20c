/** Text lines of a byte stream, without their ends; a last line without an end is dropped. */
export async function* readLines(
  body: AsyncIterable<Uint8Array> | null,
): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield line;
  }
}
