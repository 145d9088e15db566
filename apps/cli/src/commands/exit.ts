/** How the end of a run becomes an exit code: 0 done, 1 failed, 130 interrupted. */

import { candor } from "../screen/command.ts";
import type { Ending } from "../screen/follow.ts";
import { bold, dim, print } from "../screen/style.ts";

export function exitFor(ending: Ending, run: string, quiet: boolean): number {
  const tell = (line: string) => {
    if (!quiet) print(line);
  };
  switch (ending) {
    case "finished":
      return 0;
    case "interrupted":
      tell(`\n${bold("The run goes on without you.")}`);
      tell(`${candor(`show ${run} --follow`)}   ${dim("watch it again")}`);
      tell(`${candor(`stop ${run}`)}   ${dim("end it")}`);
      return 130;
    case "waiting":
      tell(`The run waits for your answer: ${bold(candor(`answer ${run}`))}`);
      return 1;
    case "paused":
      tell(`${bold(candor(`resume ${run}`))} goes on.`);
      return 1;
    default:
      return 1;
  }
}
