import type { Bench } from './bench.ts'; export const overhead: Bench = { name: 'overhead', description: '', duration: '', run: async () => [] };
