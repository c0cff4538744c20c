import { decideAddresses } from "../addresses/mod.ts";
import type { LedgerView, PoolDecision } from "../addresses/types.ts";
import type { Service } from "../kube/types.ts";
import { carriedAddresses, givenTexts } from "./carried.ts";
import { claimOf } from "./claim.ts";
import { conflictNote, grantNotes, refusalNotes, releaseNotes } from "./notes.ts";
import { grantPatch, releasePatch, waitPatch } from "./patches.ts";
import type { IpamContext, IpamPlan } from "./types.ts";
import { type Wish, wishOf } from "./wish.ts";

/**
 * Decides what to do about one Service: pure, and decided on the ledger of this very moment. Commit
 * a `serve` plan before anything else happens.
 */
export function planService(service: Service, context: IpamContext): IpamPlan {
  switch (claimOf(service, context.mode)) {
    case "leave":
      return { kind: "leave" };
    case "release":
      return release(service);
    case "serve":
      return serve(service, context);
  }
}

function release(service: Service): IpamPlan {
  return {
    kind: "release",
    patch: releasePatch(service),
    notes: releaseNotes(givenTexts(service)),
  };
}

function serve(service: Service, context: IpamContext): IpamPlan {
  const wish = wishOf(service, context);
  const view = viewOf(service, { ledger: context.ledger, wish });
  const decision = decideAddresses(wish.ask, context.config, view);
  if (decision.kind === "refuse") {
    return {
      kind: "wait",
      patch: waitPatch(service, decision.reason, wish.source),
      notes: refusalNotes(decision.message),
    };
  }
  return disputed(service, { decision, context }) ?? granted(service, { decision, wish });
}

function granted(
  service: Service,
  { decision, wish }: { readonly decision: Grant; readonly wish: Wish },
): IpamPlan {
  const { addresses, use, isPartial = false } = decision;
  const fresh = addresses.join() !== givenTexts(service).join();
  const kind = fresh ? "take" : "keep";
  const patch = grantPatch(service, { ...decision, kind }, wish.source);
  const notes = grantNotes(decision, patch !== undefined);
  return { kind: "serve", addresses, use, isPartial, patch, notes };
}

type Grant = Exclude<PoolDecision, { readonly kind: "refuse" }>;

/**
 * A Service that has an address which somebody else has, too, from before or since they may share
 * no more: nobody is moved.
 */
function disputed(
  service: Service,
  { decision, context }: { readonly decision: Grant; readonly context: IpamContext },
): IpamPlan | undefined {
  const { key, ledger } = context;
  const held = ledger.held(key);
  const carried = carriedAddresses(service);
  for (const address of decision.addresses) {
    if (!held.includes(address) && !carried.includes(address)) continue;
    const obstacle = ledger.obstacle(address, { key, use: decision.use });
    // a node does not give way: who has its address already is told to ask for another one
    if (obstacle === undefined || (held.includes(address) && obstacle.reserved === true)) continue;
    return { kind: "wait", patch: undefined, notes: [conflictNote(obstacle.message)] };
  }
  return undefined;
}

/** The ledger as this Service sees it: what was chosen for it is what it has, in that order. */
function viewOf(
  service: Service,
  { ledger, wish }: { readonly ledger: LedgerView; readonly wish: Wish },
): LedgerView {
  const given = wish.source === "pools" ? givenTexts(service) : [];
  if (given.length === 0) return ledger;
  return {
    held: (key) => key === wish.ask.key ? given : ledger.held(key),
    free: (pool, family) => ledger.free(pool, family),
    shareable: (pool, proposal) => ledger.shareable(pool, proposal),
    obstacle: (address, proposal) => ledger.obstacle(address, proposal),
    taken: (address, key) => ledger.taken(address, key),
  };
}
