import { COMMAND_NAMES } from "../lib/cli/command_names.ts";
import type { OptionSpec } from "../lib/cli/option_kinds.ts";
import { OPTION_ROWS } from "../lib/cli/options.ts";
import { enginePermissions } from "../lib/runtime/permissions.ts";

/** Permissions by kind: everything (`true`) or a list. */
export type Permissions = Readonly<Record<string, true | readonly string[]>>;

const KINDS = ["net", "read", "write", "env", "run", "sys", "ffi"] as const;

/** The `--allow-…` flags of a task's command, with its shell variables left by name. */
export function taskPermissions(command: string): Permissions {
  const flags = command.matchAll(/--allow-(\w+)(?:=(\S+))?/g);
  return Object.fromEntries(
    [...flags].map(([, kind = "", list]) => [kind, list === undefined ? true : entries(list)]),
  );
}

/** A variable that may be empty has no comma before it, but in its value. */
function entries(list: string): readonly string[] {
  return list.split(/,|(?=\$BERTH_)/);
}

/** The paths of a shell variable that a task's command sets: `SOCKETS=a,b && …`. */
export function taskVariable(command: string, name: string): readonly string[] {
  const value = new RegExp(`(?:^| )${name}=(\\S+)`).exec(command)?.[1];
  return value === undefined ? [] : value.split(",").map(homePath);
}

/** The permission table: one column for each way to start, one row for each kind. */
export function permissionsTable(tasks: Readonly<Record<string, string>>): string {
  const columns: readonly (readonly [string, Permissions])[] = [
    ["`deno task start`", taskPermissions(tasks["berth"] ?? "")],
    ["`deno task dev`", taskPermissions(tasks["dev"] ?? "")],
    ["`deno task in-cluster`", taskPermissions(tasks["in-cluster"] ?? "")],
    ["each worker of `start`", { ...enginePermissions("$SOCKETS") }],
    ["compiled binary", taskPermissions(tasks["compile"] ?? "")],
  ];
  const rows = KINDS.map((kind) => [
    kind,
    ...columns.map(([, permissions]) => permissionText(permissions[kind])),
  ]);
  const sockets = taskVariable(tasks["berth"] ?? "", "SOCKETS").map(code);
  const head = ["", ...columns.map(([name]) => name)];
  const list = ["Engine sockets:", "", ...sockets.map((socket) => `- ${socket}`)];
  return [markdownTable(head, rows), "", ...list].join("\n");
}

/** The table of every option: flag, variables, default, meaning, commands. */
export function optionsTable(): string {
  const rows = OPTION_ROWS.map(([, spec]) => [
    spec.flags.map((flag) => code(`${flag}${spec.metavar === "" ? "" : ` ${spec.metavar}`}`))
      .join(", "),
    spec.env.map(code).join(", "),
    defaultText(spec),
    spec.doc,
    commandsText(spec),
  ]);
  return markdownTable(["flag", "variable", "default", "meaning", "of"], rows);
}

/** A Markdown table, padded as the formatter wants it. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = head.map((title, i) =>
    Math.max(3, title.length, ...rows.map((row) => (row[i] ?? "").length))
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => (cells[i] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

function permissionText(value: true | readonly string[] | undefined): string {
  if (value === undefined) return "none";
  if (value === true) return "any";
  const texts = value.map((part) =>
    /^(unix:)?\$(SOCKETS|UNIX)$/.test(part) ? "engine sockets" : code(homePath(part))
  );
  return [...new Set(texts)].join(", ");
}

function homePath(path: string): string {
  return path.replace("$HOME/", "~/");
}

function defaultText({ default: value, shape }: OptionSpec<unknown>): string {
  if (shape === "switch") return value === true ? "on" : "off";
  return value === undefined || `${value}` === "" ? "" : code(`${value}`);
}

function commandsText({ commands }: OptionSpec<unknown>): string {
  const others = COMMAND_NAMES.filter((name) => !commands.includes(name));
  if (others.length > 2) return commands.join(", ");
  return others.length === 0 ? "all" : `all but ${others.join(", ")}`;
}

function code(text: string): string {
  return `\`${text}\``;
}
