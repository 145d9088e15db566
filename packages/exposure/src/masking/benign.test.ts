import { describe, expect, test } from "vitest";
import { createMasker } from "./masker.ts";
import { vault } from "./testing.ts";

const masker = createMasker(vault, { names: false });
const named = createMasker(vault, { names: true });

/** What pages say that is nobody's identifier. */
const BENIGN = `
The bridge was opened on 8 September 1966 and is 1,600 m long.
Annual budget: $1,234,567.00, of which 12 345 678 € were spent.
ISBN 978-0-306-40615-7, ISBN-10 0-306-40615-2, first edition 1999-2004.
Order no. 4711-0815-23, invoice 2024001234, tracking id 1Z999AA10123456784.
Server 192.168.10.25, gateway 10.0.0.1, mask 255.255.255.0, IPv6 2001:db8::1.
Version 10.15.7.1 of 2024-05-01T10:30:00Z replaced 9.8.7.
Commit 3f07712345678abcdef0123456789abcdef01234 fixes #12345.
51.507351, -0.127758 is the centre of London; 48.8566 N 2.3522 E is that of Paris.
Between 1914 - 1918 and 1939-1945 the hall served as a hospital.
Opening hours: Mo-Fr 09:00-17:30, Sa 10-14, closed 24-26 December.
Scores: 21-15 21-18, 6-4 3-6 7-5; attendance 45,312.
Add 250 g flour, 2 eggs and 1/2 tsp salt; bake at 180 °C for 25 minutes.
Chapter 12, pages 345-378, figure 3.14, table 2.71828.
The file has 104857600 bytes and 1048576 lines; sha 9f86d081884c7d65.
Population 5,123,456 (2021), density 273.4 per km2, area 243,610 km2.
Room 101, flight BA 2490, gate B12, seat 23F, bus 42, platform 9.
Temperature rose from 14.5 to 15.25 degrees between 1880 and 2020.
UUID 123e4567-e89b-12d3-a456-426614174000, DOI 10.1000/182, arXiv:2301.01234.
In 2019 Wall Street fell by 2.3 percent; in 1929 by far more.
A 20 Minute Walk, a 5 Star Hotel, 10 Top Places and 3 Best Ways to cook rice.
Meeting on 12/05/2024 at 14:30; next one 2024-06-09.
Copyright 2011-2024. All rights reserved. Last updated 3 May 2024.
Buy 2 get 1 free, was 19.99, is now 14.50, you save 5.49.
RFC 9421, ISO 8601, EN 50128, DIN 476, IEEE 802.11, section 4.2.1.
Sign up at example.org, hosted at github.com, photos at flickr.com, look us up at example.net.
The icon is icon@2x.png, the unit is user@docker.service, install lodash@4.17.21.
git clone git@github.com:candor/candor.git and run npm install.
See https://host.example/article/1234567890123 and www.host.example/2024/05/01/news.
Follow @adapike or @news_desk; the tag is #leeds2024.
He ran 10 km in 42:17, then 100 m in 12.34 s.
Bank: DE89 3704 0044 0532 0130 00, BIC COBADEFFXXX.
Results 1 2 3 4 5 6 7 8 9 10 next page.
Founded 1890, rebuilt 1923 and 1951, listed in 1987.
1 234 567 people visited, 987 654 of them in summer.
The recipe serves 4 to 6; total time 1 h 20 min.
CPU 3.40 GHz, 16 GB RAM, 512 GB SSD, 1920x1080, 144 Hz.
Sum 0.0771234567, p < 0.001, n = 1204, r = 0.87.
The theorem of 1637 was proved in 1994; Fermat died on 12 January 1665.
Charles Darwin was born on 12 February 1809 in Shrewsbury.
one two three four five six seven eight nine ten
Meet at noon at the mill, at the latest at one.
`
  .trim()
  .split("\n");

describe("text that identifies nobody", () => {
  test.each(BENIGN)("survives: %s", (text) => {
    expect(masker.text(text).text).toBe(text);
  });

  test("survives as one page too", () => {
    const page = BENIGN.join("\n");
    expect(masker.text(page).text).toBe(page);
  });

  test("keeps names of places and things where names of persons are masked", () => {
    const text =
      "Victoria Station, Jordan River, Florence Cathedral, Sydney Opera House, Ada Pike of Leeds, and @adapike";
    expect(named.text(text).text).toBe(text);
  });
});
