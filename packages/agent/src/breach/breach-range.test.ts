import { expect, test } from "vitest";
import { page, smallWeb } from "../web/fixture.ts";
import { breachRange } from "./breach-range.ts";

const SUFFIX = "0018A45C4D1DEF81644B54AB7F969B88D65";

test("a breach range keeps counted suffixes, drops padding, and sends only five digits", async () => {
  await using web = await smallWeb({
    "breach.example/range/ABCDE": page(
      `${SUFFIX}:3\r\n${SUFFIX.replace("00", "11")}:0\r\nnonsense\r\n`,
      200,
      "text/plain",
    ),
  });
  const counts = await breachRange("abcde", "http://breach.example/range", web.fetcher, AbortSignal.timeout(5_000));
  expect([...counts]).toEqual([[SUFFIX, 3]]);
  expect(web.requests).toEqual(["breach.example/range/ABCDE"]);
  await expect(
    breachRange("abcdef", "http://breach.example/range", web.fetcher, AbortSignal.timeout(5_000)),
  ).rejects.toThrow("5 hex digits");
  await expect(
    breachRange("00000", "http://breach.example/range", web.fetcher, AbortSignal.timeout(5_000)),
  ).rejects.toThrow("did not answer");
});

test("a page in place of a range is not taken for an address in no breach", async () => {
  await using web = await smallWeb({ "breach.example/range/ABCDE": page("<html>Maintenance</html>") });
  await expect(
    breachRange("ABCDE", "http://breach.example/range", web.fetcher, AbortSignal.timeout(5_000)),
  ).rejects.toThrow("something else");
});
