/** The `candor` command. */
import { enableCompileCache } from "node:module";

enableCompileCache();
// A reader that has seen enough (`candor runs | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
const { main } = await import("./program.ts");
await main(process.argv);
