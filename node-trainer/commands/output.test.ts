import { PassThrough } from 'node:stream';

import { describe, expect, test } from 'vitest';

import { EXIT, verdictOn } from './exit-codes.ts';
import { createOutput, type Output } from './output.ts';

function captured(
  json: boolean,
  isTTY: boolean,
): { output: Output; stdout: () => string; stderr: () => string } {
  const [out, err] = [new PassThrough(), Object.assign(new PassThrough(), { isTTY, columns: 60 })];
  const text = (stream: PassThrough): string => String((stream.read() as Buffer | null) ?? '');
  return {
    output: createOutput(json, { stdout: out, stderr: err }),
    stdout: () => text(out),
    stderr: () => text(err),
  };
}

describe('what a command says', () => {
  test('results go to stdout, everything else to stderr', () => {
    const { output, stdout, stderr } = captured(false, false);
    output.say('working');
    output.result({ photos: 3 }, 'Three photos.');
    expect(stdout()).toBe('Three photos.\n');
    expect(stderr()).toBe('working\n');
  });

  test('--json prints one object and no words', () => {
    const { output, stdout } = captured(true, false);
    output.result({ photos: 3 }, 'Three photos.');
    expect(JSON.parse(stdout())).toEqual({ photos: 3 });
  });

  test('in a log file progress is a dozen plain lines, however many steps there are', () => {
    const { output, stderr } = captured(false, false);
    for (let i = 0; i <= 1000; i++) output.progress('extract', i, 1000);
    const lines = stderr().trimEnd().split('\n');
    expect(lines.length).toBeLessThan(13);
    expect(lines.at(-1)).toBe('extract: 1000 of 1000');
  });

  test('in a terminal progress is one live line that disappears before the next word', () => {
    const { output, stderr } = captured(false, true);
    output.progress('extract', 5, 10);
    output.say('done');
    const text = stderr();
    expect(text).toContain('extract [##########..........] 5 of 10');
    expect(text.indexOf('\u001b[2K')).toBeLessThan(text.indexOf('done'));
  });
});

describe('exit codes', () => {
  const named = (name: string, more: object = {}): Error => Object.assign(new Error('x'), { name, ...more });
  test.each([
    [named('OptionError'), EXIT.usage],
    [named('RecordError'), EXIT.badInput],
    [named('ArchiveRefused'), EXIT.badInput],
    [named('MergeRefused'), EXIT.badInput],
    [named('FileStoreError'), EXIT.badInput],
    [named('StoreUnreachable'), EXIT.unexpected],
    [named('NoRoom'), EXIT.notUsable],
    [named('PublishRefused'), EXIT.refused],
    [named('EngineUnusable', { mend: 'npm run native' }), EXIT.notUsable],
    [named('AbortError'), EXIT.cancelled],
    [named('Error', { code: 'ENOENT' }), EXIT.badInput],
    [named('Error', { code: 'ENOSPC' }), EXIT.unexpected],
    [named('TypeError'), EXIT.unexpected],
    ['a string', EXIT.unexpected],
  ])('%s → %i', (error, exit) => {
    expect(verdictOn(error).exit).toBe(exit);
  });

  test('what to do next is said where the message does not say it', () => {
    expect(verdictOn(named('EngineUnusable', { mend: 'npm run native' })).next).toBe(
      'What helps: npm run native.',
    );
    expect(verdictOn(named('Error', { code: 'ENOSPC' })).next).toMatch(/Make room/);
    expect(verdictOn(named('TypeError')).next).toMatch(/--debug/);
  });
});
