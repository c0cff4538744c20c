/** Objects that are effects as a whole: `Deno.readTextFile`, `console.log`, … */
const IMPURE_OBJECTS: ReadonlySet<string> = new Set(["Deno", "console", "performance", "crypto"]);

/** Functions that are effects. */
const IMPURE_CALLS: ReadonlySet<string> = new Set([
  "fetch",
  "setTimeout",
  "setInterval",
  "clearTimeout",
  "clearInterval",
  "queueMicrotask",
]);

/** Members of effects that are mere values: error classes. */
const PURE_MEMBERS: ReadonlySet<string> = new Set(["Deno.errors"]);

/** Single members that are effects of otherwise pure objects. */
const IMPURE_MEMBERS: ReadonlySet<string> = new Set(["Date.now", "Math.random"]);

/** Classes that are effects when constructed. */
const IMPURE_CLASSES: ReadonlySet<string> = new Set(["Worker", "WebSocket", "BroadcastChannel"]);

/** The text of an impure member access such as `Date.now`, or undefined. */
export function impureMember(node: Deno.lint.MemberExpression): string | undefined {
  if (node.object.type !== "Identifier") return undefined;
  const name = node.property.type === "Identifier"
    ? `${node.object.name}.${node.property.name}`
    : node.object.name;
  if (PURE_MEMBERS.has(name)) return undefined;
  return IMPURE_OBJECTS.has(node.object.name) || IMPURE_MEMBERS.has(name) ? name : undefined;
}

/** The text of an impure call such as `fetch()`, or undefined. */
export function impureCall(node: Deno.lint.CallExpression): string | undefined {
  const { callee } = node;
  return callee.type === "Identifier" && IMPURE_CALLS.has(callee.name)
    ? `${callee.name}()`
    : undefined;
}

/** The text of an impure construction such as `new Date()`, or undefined. */
export function impureNew(node: Deno.lint.NewExpression): string | undefined {
  const { callee } = node;
  if (callee.type !== "Identifier") return undefined;
  const readsClock = callee.name === "Date" && node.arguments.length === 0;
  return readsClock || IMPURE_CLASSES.has(callee.name) ? `new ${callee.name}()` : undefined;
}
