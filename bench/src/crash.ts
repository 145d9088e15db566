import type { Bench } from './bench.ts'; export const crash: Bench = { name: 'crash', description: '', duration: '', run: async () => [] };
