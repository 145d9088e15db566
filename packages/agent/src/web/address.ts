/** Which addresses may be connected to. Everything that is not plainly the public internet is refused. */
import ipaddr from "ipaddr.js";

/** The range that makes an address unreachable for the agent, or undefined for a public one. */
export function forbiddenRange(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return "not an IP address";
  const ip = ipaddr.parse(address);
  if (ip.kind() === "ipv4") return forbiddenV4(ip as ipaddr.IPv4);
  return forbiddenV6(ip as ipaddr.IPv6);
}

/** Metadata services of clouds that sit in public ranges; 169.254.169.254 and the like are link-local anyway. */
const METADATA = new Set(["168.63.129.16"]);

function forbiddenV4(ip: ipaddr.IPv4): string | undefined {
  if (METADATA.has(ip.toString())) return "a cloud's metadata service";
  const range = ip.range();
  return range === "unicast" ? undefined : (NAMES[range] ?? range);
}

function forbiddenV6(ip: ipaddr.IPv6): string | undefined {
  const { parts } = ip;
  const last = (): ipaddr.IPv4 => embedded(parts[6] ?? 0, parts[7] ?? 0);
  // Networks without IPv4 reach it through NAT64, so what counts is the address inside. Local NAT64 prefixes are local.
  if (ip.range() === "rfc6052") {
    return parts.slice(2, 6).every((part) => part === 0) ? forbiddenV4(last()) : "a local NAT64 prefix";
  }
  if (ip.isIPv4MappedAddress()) return "IPv4-mapped";
  if (parts.slice(0, 6).every((part) => part === 0)) return ip.range() === "unicast" ? "IPv4-compatible" : ip.range();
  if (ip.range() !== "unicast") return NAMES[ip.range()] ?? ip.range();
  // Global unicast is 2000::/3; the rest is unassigned, site-local or a local NAT64 prefix.
  return ((parts[0] ?? 0) & 0xe000) === 0x2000 ? undefined : "not global unicast";
}

const embedded = (high: number, low: number): ipaddr.IPv4 =>
  new ipaddr.IPv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);

const NAMES: Record<string, string> = {
  private: "private",
  loopback: "loopback",
  linkLocal: "link-local",
  uniqueLocal: "unique-local",
  carrierGradeNat: "carrier NAT",
  multicast: "multicast",
  broadcast: "broadcast",
  unspecified: "unspecified",
  reserved: "reserved",
  benchmarking: "benchmarking",
  amt: "AMT",
  as112: "AS112",
  "6to4": "6to4",
  teredo: "Teredo",
};
