import type { ApiCase } from "./kube_api_bed.ts";
import { KIND_CASES } from "./kube_api_kind_cases.ts";
import { READ_CASES } from "./kube_api_read_cases.ts";
import { SERVICE_CASES } from "./kube_api_service_cases.ts";
import { WRITE_CASES } from "./kube_api_write_cases.ts";

/** What every Kubernetes API server must do, real or emulated. */
export const KUBE_API_CONTRACT: Readonly<Record<string, ApiCase>> = {
  ...SERVICE_CASES,
  ...WRITE_CASES,
  ...READ_CASES,
  ...KIND_CASES,
};
