import type { Bench } from './bench.ts'; export const children: Bench = { name: 'children', description: '', duration: '', run: async () => [] };
