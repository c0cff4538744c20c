/** The Envoy that runs when no other image is named; the release whose files berth writes. */
export const ENVOY_IMAGE = "docker.io/envoyproxy/envoy:distroless-v1.40.0";

/** The program in the image, and its arguments for the files of a directory. */
export function envoyCommand(directory: string, options: { readonly threads: number }): string[] {
  return [
    "/usr/local/bin/envoy",
    ...["-c", `${directory}/bootstrap.json`],
    // no second process ever takes over, so no shared memory is needed
    "--disable-hot-restart",
    ...["--concurrency", String(options.threads)],
    ...["--log-level", "warn"],
    ...["--drain-time-s", "10", "--drain-strategy", "immediate"],
  ];
}

/**
 * The image that runs when none is named, perhaps from another registry: with `mirror:5000`,
 * `docker.io/a/b:c` is `mirror:5000/a/b:c`.
 */
export function envoyImage(registry: string | undefined): string {
  if (registry === undefined) return ENVOY_IMAGE;
  return `${registry.replace(/\/$/, "")}/${ENVOY_IMAGE.replace(/^docker\.io\//, "")}`;
}
