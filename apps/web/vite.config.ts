/** The pages. In development they talk to the running `candor serve` of $CANDOR_HOME, as its operator. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type ProxyOptions } from "vite";

/** What every page needs comes in two files instead of twenty: each costs the first load a round trip. */
const FIRST = [
  {
    name: "vendor",
    test: /node_modules\/(react|react-dom|scheduler|radix-ui|@radix-ui|@floating-ui|@tanstack|lucide-react|tailwind-merge|clsx|class-variance-authority|react-remove-scroll|react-style-singleton|aria-hidden|use-sidecar|use-callback-ref|use-sync-external-store)\//,
  },
  { name: "shell", test: /apps\/web\/src\/(api|app|ui|trace|questions|judging)\// },
];

export default defineConfig({
  plugins: [react(), tailwindcss()],
  // The server's policy allows no data: scripts or fonts, and every asset is named for its contents.
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups: FIRST } } },
  },
  server: { host: "127.0.0.1", proxy: serverOf(process.env.CANDOR_HOME ?? join(homedir(), ".candor")) },
});

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
