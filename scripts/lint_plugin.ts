import { importBreach } from "./lint/imports.ts";
import { DRAWER_NAMES, isPure, type Place, placeOf } from "./lint/layers.ts";
import { impureCall, impureMember, impureNew } from "./lint/purity.ts";

/** Largest number of lines. */
const MAX_LINES = { source: 400, test: 600, function: 70 } as const;

/** Most parameters of a function; more belong into one options object. */
const MAX_PARAMETERS = 3;

/** Files whose names and fields are those of a public API reference. */
const SELF_EXPLAINED: readonly string[] = ["lib/kube/types.ts"];

type Context = Deno.lint.RuleContext;
type AnyFunction =
  | Deno.lint.FunctionDeclaration
  | Deno.lint.FunctionExpression
  | Deno.lint.ArrowFunctionExpression;

/** The rules of this house; each is tested in `tests/unit/scripts/lint_plugin_test.ts`. */
const plugin: Deno.lint.Plugin = {
  name: "berth",
  rules: {
    "layers": { create: layers },
    "pure": { create: pure },
    "file-name": { create: fileName },
    "size": { create: size },
    "parameters": { create: parameters },
    "export-docs": { create: exportDocs },
    "private-names": { create: privateNames },
    "no-enum": { create: noEnum },
    "no-module-state": { create: noModuleState },
    "error-text": { create: errorText },
  },
};
export default plugin;

function layers(context: Context): Deno.lint.LintVisitor {
  const from = placeOf(context.filename);
  const check = (node: Deno.lint.Node, specifier: string, typeOnly: boolean) => {
    const message = importBreach(from, { specifier, typeOnly });
    if (message !== undefined) context.report({ node, message });
  };
  return {
    ImportDeclaration: (node) => check(node, node.source.value, isTypeImport(node)),
    ExportAllDeclaration: (node) => check(node, node.source.value, node.exportKind === "type"),
    ExportNamedDeclaration(node) {
      if (node.source !== null) check(node, node.source.value, node.exportKind === "type");
    },
    ImportExpression(node) {
      if (node.source.type === "Literal") check(node, String(node.source.value), false);
    },
  };
}

function isTypeImport(node: Deno.lint.ImportDeclaration): boolean {
  if (node.importKind === "type") return true;
  return node.specifiers.length > 0 &&
    node.specifiers.every((part) => part.type === "ImportSpecifier" && part.importKind === "type");
}

function pure(context: Context): Deno.lint.LintVisitor {
  const { path } = placeOf(context.filename);
  if (!path.startsWith("lib/") || !isPure(path.slice("lib/".length))) return {};
  const check = (node: Deno.lint.Node, found: string | undefined) => {
    if (found === undefined) return;
    context.report({
      node,
      message: `${found} in a file that is not in ADAPTERS of scripts/lint/layers.ts: pass it in`,
    });
  };
  return {
    MemberExpression: (node) => check(node, impureMember(node)),
    CallExpression: (node) => check(node, impureCall(node)),
    NewExpression: (node) => check(node, impureNew(node)),
  };
}

function fileName(context: Context): Deno.lint.LintVisitor {
  const { path } = placeOf(context.filename);
  const stem = path.split("/").at(-1)?.replace(/\.ts$/, "") ?? "";
  return {
    Program(node) {
      if (!/^[a-z0-9]+(_[a-z0-9]+)*$/.test(stem)) {
        context.report({ node, message: `file name ${stem}.ts is not snake_case` });
      }
      if (DRAWER_NAMES.some((name) => stem === name || stem.endsWith(`_${name}`))) {
        context.report({ node, message: `file name ${stem}.ts says nothing: name its contents` });
      }
    },
  };
}

function size(context: Context): Deno.lint.LintVisitor {
  const place = placeOf(context.filename);
  const checkFunction = (node: AnyFunction) => {
    const lines = countLines(context.sourceCode.getText(node));
    if (lines <= MAX_LINES.function || isTest(place)) return;
    context.report({ node, message: `function of ${lines} lines; at most ${MAX_LINES.function}` });
  };
  return {
    Program(node) {
      const most = isTest(place) ? MAX_LINES.test : MAX_LINES.source;
      const lines = countLines(context.sourceCode.text);
      if (lines > most) {
        context.report({ node, message: `file of ${lines} lines; at most ${most}` });
      }
    },
    FunctionDeclaration: checkFunction,
    FunctionExpression: checkFunction,
    ArrowFunctionExpression: checkFunction,
  };
}

function isTest(place: Place): boolean {
  return place.path.startsWith("tests/");
}

function countLines(text: string): number {
  return text.replace(/\n$/, "").split("\n").length;
}

function parameters(context: Context): Deno.lint.LintVisitor {
  if (isTest(placeOf(context.filename))) return {};
  const check = (node: AnyFunction) => {
    const count = node.params.length;
    if (count <= MAX_PARAMETERS) return;
    context.report({
      node,
      message: `${count} parameters; at most ${MAX_PARAMETERS}: use one options object`,
    });
  };
  return {
    FunctionDeclaration: check,
    FunctionExpression: check,
    "VariableDeclarator > ArrowFunctionExpression": check,
  };
}

function exportDocs(context: Context): Deno.lint.LintVisitor {
  const { path } = placeOf(context.filename);
  if (!path.startsWith("lib/") || SELF_EXPLAINED.includes(path)) return {};
  return {
    "Program > ExportNamedDeclaration"(node: Deno.lint.ExportNamedDeclaration) {
      if (node.declaration === null || hasDoc(context.sourceCode.text, node.range[0])) return;
      context.report({ node, message: "exported symbol without a docstring" });
    },
  };
}

/** True when the text before `start` ends with a `/** … *\/` comment (lint directives between). */
function hasDoc(text: string, start: number): boolean {
  const before = text.slice(0, start).replace(/(\s*\/\/ deno-lint-ignore[^\n]*\n)+\s*$/, "");
  return /\/\*\*(?:(?!\*\/)[^])*\*\/\s*$/.test(before);
}

function privateNames(context: Context): Deno.lint.LintVisitor {
  const check = (node: Deno.lint.MethodDefinition | Deno.lint.PropertyDefinition) => {
    if (node.accessibility !== "private") return;
    context.report({ node, message: `use a #name instead of the keyword "private"` });
  };
  return { MethodDefinition: check, PropertyDefinition: check };
}

function noEnum(context: Context): Deno.lint.LintVisitor {
  return {
    TSEnumDeclaration(node) {
      context.report({ node, message: "use a union of string literals instead of an enum" });
    },
  };
}

function noModuleState(context: Context): Deno.lint.LintVisitor {
  const { layer } = placeOf(context.filename);
  if (layer === undefined) return {};
  const check = (node: Deno.lint.VariableDeclaration) => {
    if (node.kind !== "let" && node.kind !== "var") return;
    context.report({ node, message: "mutable module variable: keep state in an object" });
  };
  return {
    "Program > VariableDeclaration": check,
    "Program > ExportNamedDeclaration > VariableDeclaration": check,
  };
}

function errorText(context: Context): Deno.lint.LintVisitor {
  const { layer } = placeOf(context.filename);
  if (layer === undefined) return {};
  return {
    "ThrowStatement > NewExpression[callee.name='Error']"(node: Deno.lint.NewExpression) {
      context.report({ node, message: "throw an AppError: its kind decides what happens next" });
    },
    "NewExpression[callee.name='AppError']"(node: Deno.lint.NewExpression) {
      const text = openingText(node.arguments[0]);
      if (text !== undefined && /^[A-Z][a-z]/.test(text)) {
        context.report({ node, message: "error texts begin with a lower-case word" });
      }
      if (text?.endsWith(".")) {
        context.report({ node, message: "error texts end without a period" });
      }
    },
  };
}

/** The literal text of an argument; a template gives its first piece, nothing else gives any. */
function openingText(
  node: Deno.lint.Expression | Deno.lint.SpreadElement | undefined,
): string | undefined {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  return node?.type === "TemplateLiteral" ? node.quasis[0]?.raw : undefined;
}
