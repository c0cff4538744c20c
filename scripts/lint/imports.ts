import { layerBreach, LIBRARY_HOMES, type Place, placeOf } from "./layers.ts";

/** An import as the rules see it. */
export interface ImportUse {
  readonly specifier: string;
  /** `import type` or nothing but type specifiers. */
  readonly typeOnly: boolean;
}

/** What is wrong with an import between files of the project, or undefined. */
export function importBreach(from: Place, use: ImportUse): string | undefined {
  if (from.layer === undefined) return undefined;
  if (!use.specifier.startsWith(".")) return libraryBreach(from, use.specifier);
  const path = resolvePath(from.path, use.specifier);
  const to = placeOf(path);
  if (to.layer === undefined) return outsideBreach(from, path);
  return layerBreach(from.layer, to.layer, { typeOnly: use.typeOnly, file: fileInLayer(to) }) ??
    doorBreach(from, to, use);
}

/** Cross-folder imports use the folder's `mod.ts`, or its `types.ts` and `x_types.ts` for types. */
function doorBreach(from: Place, to: Place, use: ImportUse): string | undefined {
  if (from.layer === to.layer) return undefined;
  const file = fileInLayer(to);
  const ofTypes = /(^|_)types\.ts$/.test(file);
  if (file === "mod.ts" || (ofTypes && use.typeOnly)) return undefined;
  if (ofTypes) return `import ${to.path} with "import type"`;
  return `import lib/${to.layer}/mod.ts instead of ${to.path}`;
}

function outsideBreach(from: Place, path: string): string | undefined {
  if (path === "deno.json" && from.layer === "cli") return undefined;
  return `${from.path} may not import ${path}: the product stands on lib and libraries alone`;
}

function libraryBreach(from: Place, specifier: string): string | undefined {
  if (/^(npm|jsr|https?):/.test(specifier)) {
    return `name ${specifier} in the imports of deno.json and import it by its bare name`;
  }
  for (const [start, home] of Object.entries(LIBRARY_HOMES)) {
    if (specifier.startsWith(start) && from.layer !== home) {
      return `${specifier} may be imported in lib/${home} only`;
    }
  }
  return undefined;
}

/** Path inside its layer's folder: `mod.ts`, `parts/x.ts`. */
function fileInLayer(place: Place): string {
  const folder = place.layer === "workers" ? "workers/" : `lib/${place.layer}/`;
  return place.path.startsWith(folder) ? place.path.slice(folder.length) : place.path;
}

function resolvePath(from: string, specifier: string): string {
  const base = new URL(`file:///${from}`);
  return new URL(specifier, base).pathname.slice(1);
}
