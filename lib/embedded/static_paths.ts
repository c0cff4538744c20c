import { aggregated, coreVersions, groupList, oneGroup, resourceList } from "./discovery.ts";
import { jsonResponse, textResponse } from "./encoder.ts";
import { negotiate } from "./negotiate.ts";
import { openApiDocument, openApiIndex, swaggerDocument } from "./openapi.ts";
import type { ResourceRow } from "./types.ts";

/** The version that the emulator says it is: the API whose behaviour it follows. */
const VERSION = {
  major: "1",
  minor: "36",
  gitVersion: "v1.36.3",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "",
  compiler: "deno",
  platform: `${Deno.build.os}/${Deno.build.arch === "x86_64" ? "amd64" : "arm64"}`,
} as const;

/** Answers the paths that name no resource: discovery, schemas, version and health. */
export function staticResponse(
  rows: readonly ResourceRow[],
  url: URL,
  accept: string | null,
): Response | undefined {
  const path = url.pathname.replace(/\/$/, "");
  if (["/healthz", "/readyz", "/livez"].includes(path)) return new Response("ok");
  if (path === "/version") return jsonResponse(VERSION);
  if (path === "/api" || path === "/apis") {
    return rootResponse(rows, { path, host: url.host, accept });
  }
  if (path === "/openapi/v2") return jsonResponse(swaggerDocument(rows));
  if (path === "/openapi/v3") return jsonResponse(openApiIndex(rows));
  const found = path.startsWith("/openapi/v3/")
    ? openApiDocument(rows, path.slice("/openapi/v3/".length))
    : groupResponse(rows, path);
  return found && jsonResponse(found);
}

function rootResponse(rows: readonly ResourceRow[], request: {
  readonly path: string;
  readonly host: string;
  readonly accept: string | null;
}): Response {
  const root = request.path === "/api" ? "api" : "apis";
  const form = negotiate(request.accept, true);
  const body = form.view === "discovery"
    ? aggregated(rows, root)
    : root === "api"
    ? coreVersions(request.host)
    : groupList(rows);
  return textResponse(JSON.stringify(body), form);
}

function groupResponse(rows: readonly ResourceRow[], path: string) {
  const [root, first = "", second, ...more] = path.slice(1).split("/");
  if (more.length > 0) return undefined;
  if (root === "api" && second === undefined) {
    return resourceList(rows, { group: "", version: first });
  }
  if (root !== "apis") return undefined;
  return second === undefined
    ? oneGroup(rows, first)
    : resourceList(rows, { group: first, version: second });
}
