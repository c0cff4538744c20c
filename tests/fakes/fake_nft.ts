/** As much of nftables as the kernel plane says and reads back. */

interface Table {
  /** Chain → rules, in order. */
  readonly chains: Map<string, string[]>;
  /** Map or set → key → value (empty in sets). */
  readonly maps: Map<string, Map<string, string>>;
}

/** The tables of one node; a text is applied whole or not at all. */
export class FakeNft {
  #tables = new Map<string, Table>();

  /** Names as `nft list tables` prints them. */
  get tables(): readonly string[] {
    return [...this.#tables.keys()];
  }

  /** Applies a text; rejects the whole of it with nft's words when one line fails. */
  apply(text: string): string | undefined {
    const before = this.#tables;
    this.#tables = structuredClone(before);
    for (const line of text.split("\n").filter((one) => one !== "")) {
      const problem = this.#line(line);
      if (problem === undefined) continue;
      this.#tables = before;
      return `Error: ${problem}: ${line}`;
    }
    return undefined;
  }

  /** Rules of a chain; undefined when there is none. */
  rules(table: string, chain: string): readonly string[] | undefined {
    return this.#tables.get(table)?.chains.get(chain);
  }

  /** Elements of a map or set. */
  elements(table: string, map: string): ReadonlyMap<string, string> {
    return this.#tables.get(table)?.maps.get(map) ?? new Map();
  }

  /** What `nft -j list table` prints, as far as berth reads it. */
  json(name: string): string | undefined {
    const table = this.#tables.get(name);
    if (table === undefined) return undefined;
    const chains = [...table.chains].flatMap(([chain, rules]) => [
      { chain: { name: chain } },
      ...rules.map((rule) => ({ rule: { chain, expr: [expression(rule)] } })),
    ]);
    const maps = [...table.maps].map(([map, entries]) =>
      map.startsWith("addresses") || map === "peers"
        ? { set: { name: map, elem: [...entries.keys()].sort() } }
        : {
          map: {
            name: map,
            elem: [...entries].sort().map(([key, value]) => [key, verdict(value)]),
          },
        }
    );
    return JSON.stringify({ nftables: [...maps, ...chains] });
  }

  #line(line: string): string | undefined {
    const [verb = "", kind = "", family = "", name = "", target = "", ...rest] = line.split(" ");
    const id = `${family} ${name}`;
    if (kind === "table") return this.#table(verb, id);
    const table = this.#tables.get(id);
    if (table === undefined) return "No such file or directory";
    const words = { verb, target, rest: rest.join(" ") };
    if (kind === "chain") return chain(table, words);
    if (kind === "rule") return rule(table, words);
    if (kind === "element") return element(table, words);
    if (verb === "flush") return void table.maps.get(target)?.clear();
    if (!table.maps.has(target)) table.maps.set(target, new Map());
    return undefined;
  }

  #table(verb: string, id: string): string | undefined {
    if (verb === "delete") {
      return this.#tables.delete(id) ? undefined : "No such file or directory";
    }
    if (!this.#tables.has(id)) this.#tables.set(id, { chains: new Map(), maps: new Map() });
    return undefined;
  }
}

interface Words {
  readonly verb: string;
  readonly target: string;
  readonly rest: string;
}

function chain({ chains, maps }: Table, { verb, target }: Words): string | undefined {
  if (verb === "add") {
    if (!chains.has(target)) chains.set(target, []);
    return undefined;
  }
  if (!chains.has(target)) return "No such file or directory";
  if (verb === "flush") return void chains.set(target, []);
  const isUsed = [...maps.values()].some((map) => [...map.values()].includes(`goto ${target}`));
  if (isUsed) return "Device or resource busy";
  chains.delete(target);
  return undefined;
}

function rule({ chains }: Table, { target, rest }: Words): string | undefined {
  const rules = chains.get(target);
  if (rules === undefined) return "No such file or directory";
  if (rest.includes("{  }") || rest.includes("{ }")) return "syntax error";
  rules.push(rest);
  return undefined;
}

function element({ chains, maps }: Table, { verb, target, rest }: Words): string | undefined {
  const map = maps.get(target);
  if (map === undefined) return "No such file or directory";
  for (const entry of rest.replace(/^\{ | \}$/g, "").split(", ")) {
    const [key = "", value = ""] = entry.split(" : ");
    const known = map.get(key);
    if (verb === "delete") {
      if (!map.delete(key)) return "No such file or directory";
      continue;
    }
    if (known !== undefined && known !== value) return "File exists";
    const aim = /^goto (.*)$/.exec(value)?.[1];
    if (aim !== undefined && !chains.has(aim)) return "No such file or directory";
    map.set(key, value);
  }
  return undefined;
}

function verdict(value: string): unknown {
  const [word = "", target] = value.split(" ");
  return target === undefined ? { [word]: null } : { [word]: { target } };
}

/** The slot maps of NAT rules as nft's JSON has them; other rules are of no interest. */
function expression(rule: string): unknown {
  const elements = /dnat .* map \{ (.*) \}$/.exec(rule)?.[1];
  if (elements === undefined) return { accept: null };
  const set = elements.split(", ").map((entry) => {
    const [slot, target = ""] = entry.split(" : ");
    const [address, port] = target.split(" . ");
    return [Number(slot), { concat: [address, Number(port)] }];
  });
  return { dnat: { addr: { map: { data: { set } } } } };
}
