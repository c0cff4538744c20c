export * from "./bind_error.ts";
export * from "./embedded_plane.ts";
