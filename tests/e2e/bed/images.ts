/** Images of the bed, imported from local trees: nothing is pulled. */
import { join } from "node:path";
import { cached } from "./cache.ts";
import { GATEWAY_TAGS } from "./gateway_images.ts";
import { importOnce, keyOf } from "./image_import.ts";
import { ensurePart } from "./parts.ts";
import { run, runAnyway } from "./shell.ts";

/** Image of a node. */
export const NODE_IMAGE = "berth.dev/bed-node:1";

/** Image of the test backend (see backend/main.go). */
export const BACKEND_IMAGE = "berth.dev/backend:1";

/** Tags under which the conformance suites ask for agnhost and pause. */
export const AGNHOST_TAGS = [
  "registry.k8s.io/e2e-test-images/agnhost:2.63.0",
  "registry.k8s.io/e2e-test-images/agnhost:2.55",
  "registry.k8s.io/pause:3.10.2",
] as const;

const SUITE = "bookworm";

/** What kind's base image installs, as far as a node without containerd needs it. */
const NODE_PACKAGES = [
  "bash",
  "ca-certificates",
  "conntrack",
  "curl",
  "ethtool",
  "iproute2",
  "iptables",
  "jq",
  "kmod",
  "mount",
  "nftables",
  "procps",
  "util-linux",
] as const;

/** What the suites call inside an agnhost container. */
const AGNHOST_PACKAGES = [
  "bash",
  "bind9-host",
  "curl",
  "iproute2",
  "iputils-ping",
  "netcat-openbsd",
  "wget",
] as const;

/** The real image has busybox's wget, which tries once; this one would try 20 times. */
const AGNHOST_HOOK = 'echo "tries = 1" >>"$1/etc/wgetrc"';

/** Makes sure that the engine has the node image. */
export async function ensureNodeImage(): Promise<void> {
  const archive = await debianTree("node", NODE_PACKAGES);
  await importOnce({ tags: [NODE_IMAGE], key: keyOf(archive), archive });
}

/** Makes sure that the engine has the backend image. */
export async function ensureBackendImage(): Promise<void> {
  const part = await ensurePart("backend");
  const key = keyOf(part);
  const directory = await cached(`image-${key}`, async (draft) => {
    await run(["tar", "-C", part, "-cf", join(draft, "tree.tar"), "backend"]);
  });
  await importOnce({
    tags: [BACKEND_IMAGE],
    key,
    archive: join(directory, "tree.tar"),
    changes: ['ENTRYPOINT ["/backend"]'],
  });
}

/** Makes sure that the engine has agnhost and pause (one image under all their tags). */
export async function ensureAgnhostImages(): Promise<void> {
  const part = await ensurePart("agnhost");
  const base = await debianTree("agnhost", AGNHOST_PACKAGES, AGNHOST_HOOK);
  const key = `${keyOf(part)}-${keyOf(base)}`;
  const directory = await cached(`image-${key}`, async (draft) => {
    const archive = join(draft, "tree.tar");
    await Deno.copyFile(base, archive);
    await run(["tar", "-C", part, "-rf", archive, "agnhost"]);
  });
  await importOnce({
    tags: AGNHOST_TAGS,
    key,
    archive: join(directory, "tree.tar"),
    changes: ['ENTRYPOINT ["/agnhost"]', 'CMD ["pause"]'],
  });
}

/** Removes the imported images. */
export async function removeImages(): Promise<void> {
  const tags = [NODE_IMAGE, BACKEND_IMAGE, ...AGNHOST_TAGS, ...GATEWAY_TAGS];
  for (const tag of tags) await runAnyway(["docker", "image", "rm", tag]);
}

/** A minimal Debian with the packages, as an archive kept in the cache. */
async function debianTree(
  name: string,
  packages: readonly string[],
  hook?: string,
): Promise<string> {
  const flags = [
    "--variant=minbase",
    `--include=${packages.join(",")}`,
    ...(hook === undefined ? [] : [`--customize-hook=${hook}`]),
  ];
  const content = new TextEncoder().encode([SUITE, ...flags].join("\0"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content)).toHex();
  const directory = await cached(`tree-${name}-${digest.slice(0, 12)}`, async (draft) => {
    await run(["mmdebstrap", ...flags, SUITE, join(draft, "tree.tar")]);
  });
  return join(directory, "tree.tar");
}
