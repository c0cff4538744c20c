import type { VipOutcome } from "./types.ts";

/** An event about a Service, under the reasons of the Kubernetes service controller. */
export interface VipNote {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** Events that a decision is worth. The caller leaves out what it has said already. */
export function vipNotes(outcome: VipOutcome): readonly VipNote[] {
  const { address, problem, warning } = outcome;
  return [
    ...address === undefined ? [] : changeNotes(outcome, address),
    ...problem === undefined ? [] : [problemNote(problem, address)],
    ...warning === undefined ? [] : [{
      type: "Warning" as const,
      reason: "InvalidForwardMethod",
      message: warning,
    }],
  ];
}

/** Why an address that was decided could not be written. */
export function failureNote(text: string, created: boolean): VipNote {
  const reason = created ? "CreatingLoadBalancerFailed" : "LoadBalancerUpdateFailed";
  return { type: "Warning", reason, message: `the VIP ConfigMap was not written: ${text}` };
}

/** Events about a Service that is no LoadBalancer any more. */
export function releaseNotes(address: string): readonly VipNote[] {
  return [
    normal("DeletingLoadBalancer", `taking address ${address} back`),
    normal("DeletedLoadBalancer", `address ${address} is free again`),
  ];
}

function changeNotes({ change }: VipOutcome, address: string): readonly VipNote[] {
  switch (change) {
    case "created":
      return [
        normal("CreatingLoadBalancer", `giving address ${address}`),
        normal("CreatedLoadBalancer", `address ${address} is in the VIP ConfigMap`),
      ];
    case "moved":
      return [normal("UpdatedLoadBalancer", `the Service has moved to address ${address}`)];
    case "method":
      return [normal("UpdatedLoadBalancer", `the forward method of ${address} has changed`)];
    case "none":
      return [];
  }
}

function problemNote(problem: string, address: string | undefined): VipNote {
  const reason = address === undefined ? "CreatingLoadBalancerFailed" : "LoadBalancerUpdateFailed";
  const kept = address === undefined ? "" : ` (the Service keeps ${address})`;
  return { type: "Warning", reason, message: `${problem}${kept}` };
}

function normal(reason: string, message: string): VipNote {
  return { type: "Normal", reason, message };
}
