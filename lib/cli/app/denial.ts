import { isDenied } from "../../core/mod.ts";

/**
 * Rejects as soon as the task reports a failure that the sandbox is the cause of: what it refuses
 * once it will refuse again. `denied` is true for such a failure.
 */
export async function unlessDenied(
  task: (denied: (error: unknown) => boolean) => Promise<void>,
): Promise<void> {
  const denial = Promise.withResolvers<never>();
  const denied = (error: unknown) => {
    if (!isDenied(error)) return false;
    denial.reject(error);
    return true;
  };
  await Promise.race([task(denied), denial.promise]);
}
