import assert from "assert";
import { durationMs } from "../../../lib/gateway/durations.ts";

Deno.test.each([
  { text: "0s", want: 0 },
  { text: "500ms", want: 500 },
  { text: "1m30s", want: 90_000 },
  { text: "1h2m3s4ms", want: 3_723_004 },
  { text: "", want: undefined },
  { text: "1.5s", want: undefined },
  { text: "10", want: undefined },
  { text: "100000s", want: undefined },
  { text: "8784h", want: 31_622_400_000 },
  { text: "8784h1ms", want: undefined },
])("durationMs() of $text", ({ text, want }) => {
  assert.equal(durationMs(text), want);
});
