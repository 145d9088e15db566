/** The pages by name, each fetched when it is first opened. A page is `pages/NAME/page.tsx` and exports `Page`. */
import type { ComponentType } from "react";

type Load = () => Promise<{ Page: ComponentType }>;

const found = import.meta.glob<{ Page: ComponentType }>("../pages/*/page.tsx");

export const pages: ReadonlyMap<string, Load> = new Map(
  Object.entries(found).map(([path, load]) => [path.split("/").at(-2) ?? path, load]),
);
