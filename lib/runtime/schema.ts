import * as v from "valibot";

const text = v.nullish(v.string(), "");
const labels = v.nullish(v.record(v.string(), v.string()), {});

const endpoint = v.object({
  IPAddress: text,
  GlobalIPv6Address: text,
  IPAMConfig: v.nullish(v.object({ IPv4Address: text, IPv6Address: text })),
});

const endpoints = v.nullish(v.record(v.string(), endpoint), {});

const port = v.object({
  IP: text,
  PrivatePort: v.number(),
  PublicPort: v.optional(v.number()),
  Type: v.string(),
});

/** Answer of `GET /containers/json`, as far as it is read. */
export const containerList = v.array(v.object({
  Id: v.string(),
  Names: v.array(v.string()),
  Labels: labels,
  State: v.string(),
  ImageID: text,
  Ports: v.nullish(v.array(port), []),
  NetworkSettings: v.nullish(v.object({ Networks: endpoints }), { Networks: {} }),
}));

/** Answer of `GET /networks/{name}`, as far as it is read. */
export const networkInspect = v.object({
  Id: v.string(),
  Name: v.string(),
  IPAM: v.object({
    Config: v.nullish(
      v.array(v.object({
        Subnet: text,
        IPRange: text,
        Gateway: text,
        AuxiliaryAddresses: v.nullish(v.record(v.string(), v.string()), {}),
      })),
      [],
    ),
  }),
  Containers: v.nullish(
    v.record(v.string(), v.object({ IPv4Address: text, IPv6Address: text })),
    {},
  ),
});

const volume = v.object({ Name: v.string(), Labels: labels, Mountpoint: text });

/** Answer of `POST /volumes/create`, as far as it is read. */
export const volumeAnswer = volume;

/** Answer of `GET /volumes`, as far as it is read. */
export const volumeList = v.object({ Volumes: v.nullish(v.array(volume), []) });

/** One line of `POST /images/create`, as far as it is read. */
export const pullLine = v.object({
  id: text,
  status: text,
  error: text,
  progressDetail: v.nullish(
    v.object({ current: v.nullish(v.number(), 0), total: v.nullish(v.number(), 0) }),
  ),
});

/** One line of `GET /events`, as far as it is read. */
export const eventLine = v.object({
  Type: v.string(),
  Action: v.string(),
  Actor: v.object({ ID: text, Attributes: labels }),
});

/** Answer of `GET /version`, as far as it is read. */
export const versionAnswer = v.object({
  Version: v.string(),
  Components: v.nullish(v.array(v.object({ Name: v.string() })), []),
  Platform: v.nullish(v.object({ Name: text }), { Name: "" }),
});

/** A container of `GET /containers/json`. */
export type ListedContainer = v.InferOutput<typeof containerList>[number];
/** A network of `GET /networks/{name}`. */
export type InspectedNetwork = v.InferOutput<typeof networkInspect>;
/** A volume of `GET /volumes`. */
export type ListedVolume = v.InferOutput<typeof volume>;
/** A line of `POST /images/create`. */
export type PullLine = v.InferOutput<typeof pullLine>;
