/** Permissions as a file that a person can read and change. */
import { stringify } from "yaml";
import type { Permissions } from "./schema.ts";

export const permissionsText = ({ name, default: otherwise, rules }: Permissions): string =>
  stringify({ name, default: otherwise, rules }, { lineWidth: 120 });
