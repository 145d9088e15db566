/** What reading a resource gives, before it is known where it came from. */
import type { Document } from "../ports.ts";

export type Content = Omit<Document, "url" | "host" | "status" | "contentType" | "hash">;

export const LONGEST_TEXT = 200_000;

export const nothing = (): Content => ({
  title: "",
  text: "",
  hidden: "",
  links: [],
  fields: [],
  structured: [],
  images: [],
  meta: {},
});
