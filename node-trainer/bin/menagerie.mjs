#!/usr/bin/env node
// The command line's front door: plain JavaScript that lets Node run the TypeScript beside it, from any folder.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('../cli.ts');
await main(process.argv);
