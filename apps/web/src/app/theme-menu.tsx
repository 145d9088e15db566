/** Light, dark, or as the system is. */
import { Check, Monitor, Moon, Sun } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { type Theme, useTheme } from "./theme.ts";

const THEMES = [
  ["light", "Light", Sun],
  ["dark", "Dark", Moon],
  ["system", "As the system", Monitor],
] as const satisfies readonly (readonly [Theme, string, typeof Sun])[];

export function ThemeMenu() {
  const { theme, choose } = useTheme();
  const Icon = THEMES.find(([name]) => name === theme)?.[2] ?? Monitor;
  return (
    <Menu
      trigger={
        <Button variant="ghost" size="icon" aria-label="Colours">
          <Icon />
        </Button>
      }
    >
      {THEMES.map(([name, words, Each]) => (
        <MenuItem key={name} onSelect={() => choose(name)}>
          <Each />
          {words}
          {theme === name && <Check className="ml-auto" aria-label="chosen" />}
        </MenuItem>
      ))}
    </Menu>
  );
}
