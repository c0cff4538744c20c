import assert from "assert";
import {
  markdownTable,
  optionsTable,
  permissionsTable,
  taskPermissions,
  taskVariable,
} from "../../../scripts/readme_tables.ts";

const start = "SOCKETS=/run/a.sock,$HOME/b.sock && UNIX=unix:/run/a.sock && deno run " +
  "--allow-net=10.0.0.0/8,$UNIX --allow-read=$SOCKETS,$HOME/.kube --allow-env main.ts";

Deno.test("taskPermissions() reads flags with and without lists", () => {
  assert.deepEqual(taskPermissions(start), {
    net: ["10.0.0.0/8", "$UNIX"],
    read: ["$SOCKETS", "$HOME/.kube"],
    env: true,
  });
});

Deno.test("taskVariable() reads what the command sets", () => {
  assert.deepEqual(taskVariable(start, "SOCKETS"), ["/run/a.sock", "~/b.sock"]);
  assert.deepEqual(taskVariable(start, "OTHER"), []);
});

Deno.test("permissionsTable() shows every way to start, and what none of them has", () => {
  const table = permissionsTable({
    berth: start,
    dev: "deno run --allow-net main.ts",
    "in-cluster": "deno run --allow-net=$HOST:$PORT --allow-read=/token main.ts",
    compile: "",
  });
  const rows = table.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const row = (kind: string) => rows.find((cells) => cells[1] === kind)?.slice(2, 7);
  assert.deepEqual(row("net"), [
    "`10.0.0.0/8`, engine sockets",
    "any",
    "`$HOST:$PORT`",
    "engine sockets",
    "none",
  ]);
  assert.deepEqual(row("read"), [
    "engine sockets, `~/.kube`",
    "none",
    "`/token`",
    "engine sockets",
    "none",
  ]);
  assert.deepEqual(row("run"), ["none", "none", "none", "none", "none"]);
  assert.match(table, /Engine sockets:\n\n- `\/run\/a.sock`\n- `~\/b.sock`$/);
});

Deno.test("optionsTable() has a row for flags, variables and defaults", () => {
  const rows = optionsTable().split("\n");
  assert.ok(rows.some((row) => /^\| `--plane PLANE` +\| `BERTH_PLANE` +\| `auto` /.test(row)));
  assert.ok(
    rows.some((row) => /`-v`, `--verbosity LEVEL`|`-v LEVEL`, `--verbosity LEVEL`/.test(row)),
  );
});

Deno.test("optionsTable() says which commands take an option, and all only of those of all", () => {
  const rows = optionsTable().split("\n").map((row) => row.split("|").map((cell) => cell.trim()));
  const commands = (flag: string) => rows.find(([, one]) => one?.includes(flag))?.[5];
  assert.equal(commands("--logs-dir"), "run");
  assert.equal(commands("--log-format"), "all but completion");
  assert.doesNotMatch(commands("--kubeconfig") ?? "all", /\brun\b|\ball\b/);
  assert.doesNotMatch(commands("--output") ?? "all", /list-images|\ball\b/);
});

Deno.test("markdownTable() pads as the formatter does", () => {
  assert.equal(
    markdownTable(["a", "long"], [["1234", "b"]]),
    "| a    | long |\n| ---- | ---- |\n| 1234 | b    |",
  );
});

Deno.test("taskPermissions() tells a variable that may be empty apart from what it follows", () => {
  assert.deepEqual(taskPermissions("deno run --allow-net=[::]:1,a:2$BERTH_LISTEN main.ts"), {
    net: ["[::]:1", "a:2", "$BERTH_LISTEN"],
  });
});
