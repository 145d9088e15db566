import fc from "fast-check";
import { expect, test } from "vitest";
import { forbiddenRange } from "./address.ts";

test.each([
  ["127.0.0.1", "loopback"],
  ["0.0.0.0", "unspecified"],
  ["0.1.2.3", "unspecified"],
  ["10.1.2.3", "private"],
  ["172.31.0.1", "private"],
  ["192.168.1.1", "private"],
  ["100.64.0.1", "carrier NAT"],
  ["169.254.169.254", "link-local"],
  ["168.63.129.16", "a cloud's metadata service"],
  ["192.0.0.192", "reserved"],
  ["192.0.2.1", "reserved"],
  ["198.18.0.1", "reserved"],
  ["224.0.0.1", "multicast"],
  ["240.0.0.1", "reserved"],
  ["255.255.255.255", "broadcast"],
  ["::", "unspecified"],
  ["::1", "loopback"],
  ["::7f00:1", "IPv4-compatible"],
  ["::808:808", "IPv4-compatible"],
  ["::ffff:8.8.8.8", "IPv4-mapped"],
  ["64:ff9b::7f00:1", "loopback"],
  ["64:ff9b::a00:1", "private"],
  ["64:ff9b:1::a00:1", "a local NAT64 prefix"],
  ["2002:808:808::1", "6to4"],
  ["2001:0:808:808::1", "Teredo"],
  ["fc00::1", "unique-local"],
  ["fe80::1", "link-local"],
  ["fe80::1%eth0", "link-local"],
  ["fec0::1", "deprecatedSiteLocal"],
  ["ff02::1", "multicast"],
  ["2001:db8::1", "reserved"],
  ["4000::1", "not global unicast"],
  ["nonsense", "not an IP address"],
  ["", "not an IP address"],
])("%s is refused as %s", (address, range) => {
  expect(forbiddenRange(address)).toBe(range);
});

test.each(["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808"])(
  "%s is public",
  (address) => {
    expect(forbiddenRange(address)).toBeUndefined();
  },
);

test("no IPv4 address that is refused is let in through an IPv6 form of it", () => {
  fc.assert(
    fc.property(fc.ipV4(), (v4) => {
      const [a = 0, b = 0, c = 0, d = 0] = v4.split(".").map(Number);
      const tail = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
      expect(forbiddenRange(`::ffff:${v4}`)).toBeDefined();
      expect(forbiddenRange(`::${tail}`)).toBeDefined();
      expect(forbiddenRange(`2002:${tail}::1`)).toBeDefined();
      expect(forbiddenRange(`64:ff9b::${tail}`) === undefined).toBe(forbiddenRange(v4) === undefined);
    }),
  );
});

test("any text gets an answer", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (text) => void forbiddenRange(text)));
});
