/** The pages. In development they talk to the running `candor serve` of $CANDOR_HOME, as its operator. */
import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin, type ProxyOptions } from "vite";

/** What every page needs comes in two files instead of twenty: each costs the first load a round trip. */
const FIRST = [
  {
    name: "vendor",
    test: /node_modules\/(react|react-dom|scheduler|radix-ui|@radix-ui|@floating-ui|@tanstack|lucide-react|tailwind-merge|clsx|class-variance-authority|react-remove-scroll|react-style-singleton|aria-hidden|use-sidecar|use-callback-ref|use-sync-external-store)\//,
  },
  { name: "shell", test: /apps\/web\/src\/(api|app|ui|trace|questions|judging)\// },
];

export default defineConfig({
  plugins: [react(), tailwindcss(), packed()],
  // The server's policy allows no data: scripts or fonts, and every asset is named for its contents.
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups: FIRST } } },
  },
  server: { host: "127.0.0.1", proxy: serverOf(process.env.CANDOR_HOME ?? join(homedir(), ".candor")) },
});

/** Packs each file once, at the build, so that the server need not at each request. */
function packed(): Plugin {
  return {
    name: "packed",
    apply: "build",
    // When all is written: other plugins change files until then.
    writeBundle({ dir = "" }, bundle) {
      for (const name of Object.keys(bundle).filter((file) => /\.(js|css|svg)$/.test(file))) {
        const source = readFileSync(join(dir, name));
        writeFileSync(join(dir, `${name}.gz`), gzipSync(source, { level: 9 }));
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(source));
      }
    },
  };
}

function serverOf(home: string): Record<string, ProxyOptions> {
  try {
    const { port, token } = JSON.parse(readFileSync(join(home, "serve.json"), "utf8")) as {
      port: number;
      token: string;
    };
    const target = `http://127.0.0.1:${port}`;
    return { "/api": { target, changeOrigin: true, headers: { authorization: `Bearer ${token}`, origin: target } } };
  } catch {
    return {};
  }
}
