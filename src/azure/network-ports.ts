/** A private endpoint as far as its addresses matter. Ids keep the service's casing. */
export interface PrivateEndpoint {
  id: string;
  subnetId: string;
  interfaceIds: string[];
}

/** One IP configuration of a network interface. */
export interface InterfaceAddress {
  /** Its address stays the same, as somebody chose it. */
  isStatic: boolean;
}

export interface Subnet {
  id: string;
  /** In CIDR notation, IPv4 and IPv6. */
  prefixes: string[];
  /** IP configurations that the service lists in it; more addresses may be in use. */
  listed: number;
}

/** Each answer is undefined when the resource does not exist. Throws AzureError otherwise. */
export interface NetworkPort {
  getPrivateEndpoint(id: string): Promise<PrivateEndpoint | undefined>;
  /** The IPv4 addresses of a network interface. */
  listAddresses(interfaceId: string): Promise<InterfaceAddress[] | undefined>;
  getSubnet(id: string): Promise<Subnet | undefined>;
}
