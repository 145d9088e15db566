/** Tries to break out and says what it could do. Run once, shut in like a mind, to learn which isolation holds. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";

const [, , encoded = "", parent = "0"] = process.argv;

function attempt(action: () => unknown): "open" | "closed" {
  try {
    action();
    return "open";
  } catch {
    return "closed";
  }
}

const files = attempt(() => readFileSync(process.execPath).length);
const children = attempt(() => {
  const { error } = spawnSync(process.execPath, ["--version"]);
  if (error) throw error;
});
// The first numbers are taken in every process namespace, so there they prove nothing.
const processes = Number(parent) < 10 ? "closed" : attempt(() => process.kill(Number(parent), 0));
const outside = Object.values(networkInterfaces()).some((list) => list?.some((address) => !address.internal));

const report = (network: "open" | "closed"): void => {
  process.stdout.write(JSON.stringify({ files, children, network, processes }), () => process.exit(0));
};
const socket = connect(Buffer.from(encoded, "base64").toString());
socket.on("connect", () => report("open"));
socket.on("error", () => report(outside ? "open" : "closed"));
