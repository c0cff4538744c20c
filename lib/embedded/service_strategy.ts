import { invalid } from "./api_error.ts";
import { invalidValue, notSupported } from "./causes.ts";
import { asArray, asObject, at, type Json } from "./json.ts";
import { parseIp } from "./ip_address.ts";
import type { ServiceAllocator } from "./service_allocator.ts";
import { decodeService, unknownServiceFields } from "./service_decode.ts";
import { defaultServiceSpec, dropByType, keepAllocated } from "./service_defaults.ts";
import { decideFamilies } from "./service_families.ts";
import { needsClusterIp, type ServiceSpec } from "./service_types.ts";
import { serviceCauses, serviceChangeCauses } from "./service_validation.ts";
import type { Cause, KubeObject, Strategy } from "./types.ts";

const SERVICE = { group: "", kind: "Service" } as const;

function check(name: string, causes: readonly Cause[]): void {
  if (causes.length > 0) throw invalid(SERVICE, name, causes);
}

/** A client may give only `clusterIP`; the list follows it. */
function pairedIps(spec: ServiceSpec): ServiceSpec {
  if (spec.clusterIP === undefined || spec.clusterIPs !== undefined) return spec;
  return { ...spec, clusterIPs: [spec.clusterIP] };
}

function addressCauses(ingress: Json, i: number): readonly Cause[] {
  const field = `status.loadBalancer.ingress[${i}]`;
  const ip = at(ingress, "ip");
  const mode = at(ingress, "ipMode");
  return [
    ...(typeof ip === "string" && ip !== "" && !parseIp(ip)
      ? [invalidValue(`${field}.ip`, ip, "must be a valid IP address")]
      : []),
    ...(mode === undefined || mode === "VIP" || mode === "Proxy"
      ? []
      : [notSupported(`${field}.ipMode`, mode, ["Proxy", "VIP"])]),
  ];
}

/** An ingress address without a mode is a VIP (KEP-1860). */
function withIpMode(service: KubeObject): KubeObject {
  const balancer = asObject(at(service.status, "loadBalancer"));
  if (balancer["ingress"] === undefined || service.spec?.["type"] !== "LoadBalancer") {
    return service;
  }
  const ingress = asArray(balancer["ingress"]).map((entry) =>
    at(entry, "ip") ? { ipMode: "VIP", ...asObject(entry) } : entry
  );
  return { ...service, status: { ...service.status, loadBalancer: { ...balancer, ingress } } };
}

/** Defaulting, allocation and validation of Services. */
export function serviceStrategy(allocator: ServiceAllocator): Strategy {
  function settled(spec: ServiceSpec, name: string, previous?: ServiceSpec): ServiceSpec {
    const result = decideFamilies(spec, { families: allocator.families, previous });
    if ("causes" in result) throw invalid(SERVICE, name, result.causes);
    const allocated = allocator.allocate(result.spec, name, previous);
    check(name, [
      ...(previous ? serviceChangeCauses(allocated, previous) : []),
      ...serviceCauses(allocated),
    ]);
    return allocated;
  }
  return {
    unknownFields: (body) => unknownServiceFields(asObject(body["spec"])),
    create(object) {
      const service = decodeService(object);
      const spec = settled(pairedIps(defaultServiceSpec(service.spec)), object.metadata.name);
      return { ...object, spec, status: { loadBalancer: {} } };
    },
    update(object, stored) {
      const previous = decodeService(stored).spec;
      const defaulted = defaultServiceSpec(decodeService(object).spec);
      const kept = pairedIps(dropByType(keepAllocated(defaulted, previous), previous));
      const spec = settled(kept, object.metadata.name, previous);
      const balancer = spec.type === "LoadBalancer" && needsClusterIp(spec);
      const status = balancer ? object.status : { ...object.status, loadBalancer: {} };
      return { ...object, spec, ...(status && { status }) };
    },
    updateStatus(object) {
      const service = withIpMode(object);
      const ingress = asArray(at(service.status, "loadBalancer", "ingress"));
      const causes = ingress.flatMap(addressCauses);
      if (ingress.length > 0 && service.spec?.["type"] !== "LoadBalancer") {
        const why = "may only be used when `spec.type` is 'LoadBalancer'";
        causes.push({
          reason: "FieldValueForbidden",
          field: "status.loadBalancer.ingress",
          message: `Forbidden: ${why}`,
        });
      }
      check(object.metadata.name, causes);
      return service;
    },
  };
}
