/**
 * A program in keepalived's place: `-t` refuses files with the word "bad", a run writes its process
 * id and notes each signal.
 */
const script = `#!/bin/sh
dir=$(dirname "$0")
file= pid=
test=no
while [ $# -gt 0 ]; do
  case $1 in
    -t) test=yes ;;
    -f) file=$2; shift ;;
    -p) pid=$2; shift ;;
  esac
  shift
done
if [ $test = yes ]; then
  if grep -q bad "$file"; then echo "it is bad" >&2; exit 5; fi
  exit 0
fi
trap 'echo reload $(grep -c 10.0.0 "$file") >>"$dir/log"' HUP
trap 'echo stop >>"$dir/log"; rm -f "$pid"; exit 0' TERM
trap 'exit 3' USR1
echo start $(grep -c 10.0.0 "$file") >>"$dir/log"
echo $$ >"$pid"
while :; do sleep 0.05; done
`;

/** The program in a folder of its own, with what it noted. */
export class FakeKeepalived implements AsyncDisposable {
  readonly folder = Deno.makeTempDirSync();
  readonly program = `${this.folder}/keepalived`;
  readonly conf = `${this.folder}/keepalived.conf`;
  readonly pidFile = `${this.folder}/keepalived.pid`;

  constructor() {
    Deno.writeTextFileSync(this.program, script, { mode: 0o755 });
    Deno.writeTextFileSync(`${this.folder}/log`, "");
  }

  /** What it noted so far, one line for each call and signal. */
  async log(): Promise<readonly string[]> {
    const text = await Deno.readTextFile(`${this.folder}/log`);
    return text.split("\n").filter((line) => line !== "");
  }

  /** Resolves when it has noted a line. */
  async logged(line: string): Promise<void> {
    await this.#until(async () => (await this.log()).includes(line));
  }

  /** Its process id, once it has written it. */
  async pid(): Promise<number> {
    const read = async () => Number((await Deno.readTextFile(this.pidFile).catch(() => "")).trim());
    await this.#until(async () => await read() > 0);
    return await read();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }

  async #until(condition: () => Promise<boolean>): Promise<void> {
    if (await condition()) return;
    using watcher = Deno.watchFs(this.folder);
    if (await condition()) return;
    for await (const _ of watcher) if (await condition()) return;
  }
}
