import type { Cors, Match, Rule, ValueMatch } from "../../../proxy/types.ts";
import { matchedPathProblem, methodProblem, regexProblem } from "../../../proxy/mod.ts";
import { forwardProblems } from "./forward_problems.ts";
import { editProblems, hostProblems, isToken, isValue, pathEditProblems, within } from "./texts.ts";

/** Why Envoy could not load a match: the rule is left out. */
export function matchProblems(match: Match): readonly string[] {
  return [
    ...pathProblems(match.path),
    ...listed(match.method === undefined ? undefined : methodProblem(match.method)),
    ...match.headers.flatMap((part) => valueProblems("header", part)),
    ...match.query.flatMap((part) => valueProblems("query parameter", part)),
  ];
}

/** Why Envoy could not load what a rule leads to: the rule answers 500. */
export function actionProblems(rule: Rule): readonly string[] {
  return [
    ...editProblems(rule.responseHeaders),
    ...(rule.cors === undefined ? [] : corsProblems(rule.cors)),
    ...specificProblems(rule),
  ];
}

function specificProblems({ action }: Rule): readonly string[] {
  if (action.kind === "forward") return forwardProblems(action);
  if (action.kind === "respond") {
    return within(action.status, { from: 200, to: 599 })
      ? []
      : [`status ${action.status} cannot be answered: use 200 to 599`];
  }
  return [
    ...hostProblems(action.hostname),
    ...pathEditProblems(action.path),
    ...(action.port === undefined || within(action.port, { from: 1, to: 65_535 })
      ? []
      : [`port ${action.port} is none: use 1 to 65535`]),
  ];
}

function pathProblems({ kind, value }: Match["path"]): readonly string[] {
  if (kind === "regex") return regexProblems(value);
  return listed(matchedPathProblem(value));
}

function listed(problem: string | undefined): readonly string[] {
  return problem === undefined ? [] : [problem];
}

function valueProblems(what: string, { name, kind, value }: ValueMatch): readonly string[] {
  const named = what === "header" ? isToken(name) : name.length > 0 && name.length <= 1024;
  return [
    ...(named ? [] : [`${what} "${name}" cannot be a name: change it`]),
    ...(kind === "regex" ? regexProblems(value) : []),
  ];
}

function regexProblems(regex: string): readonly string[] {
  const problem = regex === ""
    ? "an empty regular expression matches nothing"
    : regexProblem(regex);
  return listed(problem);
}

function corsProblems(cors: Cors): readonly string[] {
  const names = [...cors.methods, ...cors.headers, ...cors.exposeHeaders];
  return [
    ...names.filter((name) => !isToken(name)).map((name) => `CORS name "${name}" is none`),
    ...cors.origins.filter((origin) => origin === "" || !isValue(origin))
      .map((origin) => `CORS origin "${origin}" is none: write it like https://a.example`),
  ];
}
