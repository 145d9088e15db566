/** `candor serve` without the command line: a process for tests to kill. Arguments: home, port, address of the database. */
import { serve } from "../serve.ts";

const [home = "", port = "0", databaseUrl] = process.argv.slice(2);
const serving = await serve({ home, port: Number(port), databaseUrl });
process.stdout.write(`${JSON.stringify({ port: serving.port, token: serving.token })}\n`);
process.once("SIGTERM", async () => {
  await serving.close();
  process.exit(0);
});
