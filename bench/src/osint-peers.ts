import type { Bench } from './bench.ts'; export const osintPeers: Bench = { name: 'osint-peers', description: '', duration: '', run: async () => [] };
