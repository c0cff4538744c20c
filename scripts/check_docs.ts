/**
 * Fails when the documents and the program disagree: tasks that do not exist or are not explained,
 * tables that are out of date, links that lead nowhere. `--write` renews the tables.
 */
import { dirname, join, normalize } from "node:path/posix";
import { ROOT } from "./module_graph.ts";
import { optionsTable, permissionsTable } from "./readme_tables.ts";
import { verdict } from "./verdict.ts";

/** A document and its text. */
export interface Document {
  /** Path from the root. */
  readonly path: string;
  readonly text: string;
}

const DOCUMENTS = [
  "README.md",
  ".github/ARCHITECTURE.md",
  ".github/CHANGELOG.md",
  ".github/CONTRIBUTING.md",
  ".github/SECURITY.md",
];

/** Tasks that the documents name and deno.json lacks, and the other way round. */
export function taskProblems(
  documents: readonly Document[],
  tasks: readonly string[],
): readonly string[] {
  const named = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/deno task (?:--quiet )?([a-z][a-z0-9:_-]*)/g)]
      .map(([, task = ""]) => ({ path, task }))
  );
  return [
    ...named
      .filter(({ task }) => !tasks.includes(task))
      .map(({ path, task }) => `${path} names the task ${task}, which deno.json lacks`),
    ...tasks
      .filter((task) => !named.some((use) => use.task === task))
      .map((task) => `task ${task} of deno.json is explained in no document`),
  ];
}

/** Replaces the part between `<!-- name -->` and `<!-- /name -->`; undefined without the marks. */
export function withTable(text: string, name: string, table: string): string | undefined {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) return undefined;
  return `${text.slice(0, start + open.length)}\n\n${table}\n\n${text.slice(end)}`;
}

/** Relative links whose target does not exist. */
export function linkProblems(
  { path, text }: Document,
  exists: (path: string) => boolean,
): readonly string[] {
  const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = ""]) => target);
  return links
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => !exists(normalize(join(dirname(path), target))))
    .map((target) => `${path} links to ${target}, which does not exist`);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(ROOT + path);
    return true;
  } catch {
    return false;
  }
}

async function readTasks(): Promise<Readonly<Record<string, string>>> {
  const config = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`)) as {
    readonly tasks: Readonly<Record<string, string | { readonly command: string }>>;
  };
  return Object.fromEntries(
    Object.entries(config.tasks)
      .map(([name, task]) => [name, typeof task === "string" ? task : task.command]),
  );
}

async function checkTables(
  readme: string,
  { tables, write }: { readonly tables: Readonly<Record<string, string>>; readonly write: boolean },
): Promise<readonly string[]> {
  const problems: string[] = [];
  let renewed = readme;
  for (const [name, table] of Object.entries(tables)) {
    const next = withTable(renewed, name, table);
    if (next === undefined) problems.push(`README.md lacks the marks of the table ${name}`);
    renewed = next ?? renewed;
  }
  if (renewed === readme) return problems;
  if (!write) return [...problems, "a table in README.md is out of date: run deno task docs"];
  await Deno.writeTextFile(`${ROOT}README.md`, renewed);
  return problems;
}

if (import.meta.main) {
  const tasks = await readTasks();
  const documents = await Promise.all(DOCUMENTS.map(async (path) => ({
    path,
    text: await Deno.readTextFile(ROOT + path).catch(() => ""),
  })));
  const tables = { options: optionsTable(), permissions: permissionsTable(tasks) };
  const problems = [
    ...documents.filter(({ text }) => text === "").map(({ path }) => `${path} does not exist`),
    ...taskProblems(documents, Object.keys(tasks)),
    ...documents.flatMap((document) => linkProblems(document, exists)),
    ...await checkTables(documents[0]?.text ?? "", {
      tables,
      write: Deno.args.includes("--write"),
    }),
  ];
  verdict(problems, `documents: ${DOCUMENTS.length} agree with the program`);
}
