/** Images that routes need: Envoy as the product runs it, and the backends of the official suite. */
import { dirname, join } from "node:path";
import { cached } from "./cache.ts";
import { importOnce, keyOf } from "./image_import.ts";
import { ensurePart, ENVOY_VERSION } from "./parts.ts";
import { run } from "./shell.ts";

/** The public image that the product runs by default; here it is made of the same binary. */
export const ENVOY_IMAGE = `docker.io/envoyproxy/envoy:distroless-v${ENVOY_VERSION}`;

const ECHO_REPOSITORY = "registry.k8s.io/gateway-api/echo-basic";

/** Tags under which the official suite asks for its echo server. */
export const ECHO_TAGS = [
  `${ECHO_REPOSITORY}:v1.5.1`,
  `${ECHO_REPOSITORY}:v1.6.0-dev.2`,
  `${ECHO_REPOSITORY}:v1.6.0-dev.3`,
] as const;

/** The echo server: JSON about the request on port 3000, and much more by environment. */
export const ECHO_IMAGE = ECHO_TAGS[0];

/** The DNS server behind the suite's UDPRoutes. */
export const COREDNS_IMAGE = "registry.k8s.io/coredns/coredns:v1.12.2";

/** Every tag of this file. */
export const GATEWAY_TAGS = [ENVOY_IMAGE, ...ECHO_TAGS, COREDNS_IMAGE] as const;

const CA_BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

/**
 * As the public distroless image: no shell, a CA bundle, user 65532. Whoever runs it as somebody
 * else, or needs a folder, has to say so.
 */
export async function ensureEnvoyImage(): Promise<void> {
  const part = await ensurePart("envoy");
  const archive = await treeOf(`envoy-${keyOf(part)}-1`, async (root) => {
    await copyInto(root, join(part, "envoy"), "/usr/local/bin/envoy");
    for (const library of await librariesOf(join(part, "envoy"))) {
      await copyInto(root, library, library);
    }
    await copyInto(root, CA_BUNDLE, CA_BUNDLE);
    await Deno.mkdir(join(root, "tmp"));
    await Deno.chmod(join(root, "tmp"), 0o1777);
    await Deno.writeTextFile(join(root, "etc/passwd"), passwd());
  });
  await importOnce({
    tags: [ENVOY_IMAGE],
    key: keyOf(archive),
    archive,
    changes: ['ENTRYPOINT ["/usr/local/bin/envoy"]', "USER 65532:65532"],
  });
}

/** The suite's echo server and CoreDNS under the tags that its manifests name. */
export async function ensureSuiteImages(): Promise<void> {
  await programImage("gateway", "echo-basic", ECHO_TAGS);
  await programImage("coredns", "coredns", [COREDNS_IMAGE]);
}

/** Both, unless the clusters are a real kind's: those pull from the public registries. */
export async function ensureGatewayImages(): Promise<void> {
  if (Deno.env.get("BERTH_E2E") === "kind") return;
  await ensureEnvoyImage();
  await ensureSuiteImages();
}

async function programImage(
  part: "gateway" | "coredns",
  program: string,
  tags: readonly string[],
): Promise<void> {
  const folder = await ensurePart(part);
  const archive = await treeOf(`${program}-${keyOf(folder)}-1`, async (root) => {
    await copyInto(root, join(folder, program), `/${program}`);
    await copyInto(root, CA_BUNDLE, CA_BUNDLE);
    await Deno.mkdir(join(root, "tmp"));
  });
  await importOnce({
    tags,
    key: keyOf(archive),
    archive,
    changes: [`ENTRYPOINT ["/${program}"]`],
  });
}

/** An archive of the tree that `fill` lays out, kept in the cache. */
async function treeOf(key: string, fill: (root: string) => Promise<void>): Promise<string> {
  const directory = await cached(`image-${key}`, async (draft) => {
    const root = join(draft, "root");
    await Deno.mkdir(root, { mode: 0o755 });
    await fill(root);
    const flags = ["--numeric-owner", "--owner=0", "--group=0"];
    await run(["tar", "-C", root, ...flags, "-cf", join(draft, "tree.tar"), "."]);
    await Deno.remove(root, { recursive: true });
  });
  return join(directory, "tree.tar");
}

async function copyInto(root: string, source: string, target: string): Promise<void> {
  await Deno.mkdir(join(root, dirname(target)), { recursive: true, mode: 0o755 });
  await Deno.copyFile(source, join(root, target));
}

/** The shared libraries that a program is linked to, the loader among them. */
async function librariesOf(program: string): Promise<string[]> {
  const lines = (await run(["ldd", program])).split("\n");
  return lines.flatMap((line) => /(\/lib\S*) \(0x/.exec(line)?.[1] ?? []);
}

function passwd(): string {
  return "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n";
}
