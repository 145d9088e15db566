/** `candor completion bash|zsh|fish`: a script for the shell, made from the commands themselves. */
import { badInput } from "@candor/server/outside";
import type { Command } from "commander";
import { print } from "../screen/style.ts";

export function completionCommand(program: Command): void {
  program
    .command("completion <shell>")
    .description('completion for bash, zsh or fish: eval "$(candor completion bash)"')
    .action((shell: string) => {
      const scripts = new Map(Object.entries({ bash, zsh, fish }));
      const script = scripts.get(shell);
      if (!script) throw badInput(`there is no completion for "${shell}"`, "Shells are bash, zsh and fish.");
      print(script(entries(program)));
    });
}

interface Entry {
  name: string;
  description: string;
  options: string[];
  children: string[];
}

const entries = (program: Command): Entry[] =>
  program.commands.map((c) => ({
    name: c.name(),
    description: c.description(),
    options: c.options.flatMap((o) => (o.long ? [o.long] : [])),
    children: c.commands.map((child) => child.name()),
  }));

const words = (entry: Entry) => [...entry.children, ...entry.options, "--json"].join(" ");

const bash = (commands: Entry[]) => `_candor() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map((c) => c.name).join(" ")}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${commands.map((c) => `    ${c.name}) COMPREPLY=($(compgen -f -W "${words(c)}" -- "$word")) ;;`).join("\n")}
  esac
}
complete -F _candor candor`;

const zsh = (commands: Entry[]) => `autoload -U +X bashcompinit && bashcompinit
${bash(commands)}`;

const fish = (commands: Entry[]) =>
  commands
    .flatMap((c) => [
      `complete -c candor -n __fish_use_subcommand -a ${c.name} -d '${c.description.replace(/'/g, "\\'")}'`,
      ...words(c)
        .split(" ")
        .map((w) =>
          w.startsWith("--")
            ? `complete -c candor -n '__fish_seen_subcommand_from ${c.name}' -l ${w.slice(2)}`
            : `complete -c candor -n '__fish_seen_subcommand_from ${c.name}' -a ${w}`,
        ),
    ])
    .join("\n");
