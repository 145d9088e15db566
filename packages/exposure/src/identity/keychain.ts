/** Where the key of the sealed identity lies: the system's keychain where there is one, else a file only its owner can read. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { IdentityError } from "./schema.ts";

export interface KeyPlace {
  name: "keychain" | "file";
  /** @returns the key (32 bytes), or null where there is none yet */
  read(): Buffer | null;
  write(key: Buffer): void;
  remove(): void;
}

/** A file of 64 hex digits with mode 0600. */
export function keyFile(home: string): KeyPlace {
  const path = join(home, "identity.key");
  return {
    name: "file",
    read() {
      if (!existsSync(path)) return null;
      // Permissions of POSIX mean nothing on Windows, where the profile folder is private already.
      if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) {
        throw new IdentityError(`${path} can be read by others: run chmod 600 on it.`);
      }
      return decode(readFileSync(path, "utf8"), path);
    },
    write(key) {
      writeFileSync(path, `${key.toString("hex")}\n`, { mode: 0o600, flush: true });
      chmodSync(path, 0o600);
    },
    remove() {
      overwrite(path);
    },
  };
}

function decode(text: string, where: string): Buffer {
  const hex = text.trim();
  if (!/^[0-9a-f]{64}$/.test(hex))
    throw new IdentityError(`The identity's key in ${where} is damaged: restore it, or set the identity up again.`);
  return Buffer.from(hex, "hex");
}

/** Overwrites a file with noise, then removes it. On flash and copy-on-write disks old blocks may outlive this. */
export function overwrite(path: string): void {
  if (!existsSync(path)) return;
  writeFileSync(path, randomBytes(Math.max(64, statSync(path).size)), { flush: true });
  rmSync(path);
}

const SERVICE = "candor-identity";

/** The keychain of macOS (`security`) or of a Linux desktop (`secret-tool`); null where there is none. */
export function systemKeychain(account: string): KeyPlace | null {
  const run = (command: string, args: string[], input = "") => {
    const result = spawnSync(command, args, { input, encoding: "utf8", timeout: 5_000 });
    return result.status === 0 ? result.stdout : null;
  };
  if (process.platform === "darwin") {
    return {
      name: "keychain",
      read() {
        const text = run("security", ["find-generic-password", "-s", SERVICE, "-a", account, "-w"]);
        return text === null ? null : decode(text, "the keychain");
      },
      write(key) {
        // Through standard input: arguments of a process can be read by other users.
        const line = `add-generic-password -U -s ${SERVICE} -a "${account}" -w ${key.toString("hex")}\n`;
        if (run("security", ["-i"], line) === null)
          throw new IdentityError("The keychain did not take the identity's key.");
      },
      remove() {
        run("security", ["delete-generic-password", "-s", SERVICE, "-a", account]);
      },
    };
  }
  const desktop = process.platform === "linux" && process.env.DBUS_SESSION_BUS_ADDRESS !== undefined;
  if (!desktop || run("secret-tool", ["search", "service", SERVICE]) === null) return null;
  const attributes = ["service", SERVICE, "account", account];
  return {
    name: "keychain",
    read() {
      const text = run("secret-tool", ["lookup", ...attributes]);
      return text === null || text === "" ? null : decode(text, "the keychain");
    },
    write(key) {
      if (run("secret-tool", ["store", "--label=Candor identity", ...attributes], key.toString("hex")) === null) {
        throw new IdentityError("The keychain did not take the identity's key: unlock it, or choose the key file.");
      }
    },
    remove() {
      run("secret-tool", ["clear", ...attributes]);
    },
  };
}
