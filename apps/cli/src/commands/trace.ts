/** `candor trace RUN`: a run as an OpenTelemetry trace, for any viewer that reads OTLP. */
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { answer, api, type Global } from "../context.ts";
import { plural, print } from "../screen/style.ts";

export function traceCommand(program: Command): void {
  program
    .command("trace <run>")
    .description("the run and its children as an OpenTelemetry trace (OTLP JSON, gen_ai.* and candor.*)")
    .option("--out <file>", "write it there instead of printing it")
    .option("--content", "with thoughts, arguments and results; they are masked, and still people's")
    .option("--push", "send it to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names for candor serve")
    .action(async (run: string, _, command: Command) => {
      const { out, content, push, ...options } = command.optsWithGlobals<
        Global & { out?: string; content?: boolean; push?: boolean }
      >();
      const client = await api();
      if (push) {
        await client.pushTrace(run);
        answer(options, { pushed: run }, () => print("Sent."));
        return;
      }
      const trace = await client.trace(run, content ?? false);
      if (!out) {
        print(JSON.stringify(trace));
        return;
      }
      writeFileSync(out, `${JSON.stringify(trace)}\n`, { mode: 0o600 });
      const spans = trace.resourceSpans.flatMap((each) => each.scopeSpans.flatMap((scope) => scope.spans)).length;
      answer(options, { out, spans }, () => print(`${plural(spans, "span")} in ${out}`));
    });
}
