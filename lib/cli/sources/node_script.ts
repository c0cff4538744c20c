import type { NodeFacts } from "../ports.ts";

/** Programs that the kernel plane runs on a node. */
const NEEDED = ["bash", "nft", "ip", "perl"];

const END = "end";

/** A shell text that prints what {@link readNodeFacts} reads, and changes nothing. */
export function nodeScript(): string {
  const table = [
    "table netdev berth_doctor {",
    'chain trial { type filter hook ingress device "%s" priority 0; policy accept;',
    'ip daddr 192.0.2.1 fwd ip to 192.0.2.2 device "%s"',
    "}",
    "}",
  ].join("\\n");
  return `
for program in ${NEEDED.join(" ")}; do
  command -v "$program" >/dev/null || echo "missing $program"
done
device=$(ip -o route show default 2>/dev/null | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p;q')
device=\${device:-eth0}
printf '${table}\\n' "$device" "$device" | nft -c -f - >/dev/null 2>&1 && echo fwd
echo ${END}
exit
`;
}

/** Reads the script's lines up to its end. */
export async function readNodeFacts(lines: AsyncIterable<string>): Promise<NodeFacts> {
  const missing: string[] = [];
  let fwd = false;
  for await (const line of lines) {
    if (line === END) break;
    if (line === "fwd") fwd = true;
    else if (line.startsWith("missing ")) missing.push(line.slice("missing ".length));
  }
  return { missing, fwd };
}
