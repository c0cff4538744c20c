/** Module of the reconcile workers; named here alone, so that `deno compile` can include it. */
export const workerEntry = new URL("../../../workers/reconcile_worker.ts", import.meta.url);
