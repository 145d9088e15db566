import type { Bench } from './bench.ts'; export const misuse: Bench = { name: 'misuse', description: '', duration: '', run: async () => [] };
