#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { buildIfStale } from '../scripts/build-if-stale.js';

// A package holds dist only; a checkout holds src and rebuilds dist when a source file is newer.
if (existsSync(new URL('../src', import.meta.url))) await buildIfStale();
const { main } = await import('../dist/cli.js');
await main(process.argv);
