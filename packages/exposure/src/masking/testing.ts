/** An operator for tests. */
import { parseIdentity } from "../identity/schema.ts";
import { createVault } from "../vault/vault.ts";

export const identity = parseIdentity(
  {
    seeds: {
      names: ["Ada Pike"],
      usernames: ["adapike"],
      city: "Leeds",
      employer: "Northlight",
      sites: ["https://adapike.example/"],
    },
    sealed: {
      phones: ["07700 900123", "+49 30 23125678"],
      emails: ["ada.pike@gmail.com", "ada@pike.example"],
      addresses: ["14 Harbour Street, Ashby, LE65 1AB", "Lindenstraße 5, 10115 Berlin"],
      birthDates: ["1984-03-12"],
    },
  },
  { country: "GB" },
);
export const vault = createVault(identity.sealed, identity.seeds);
