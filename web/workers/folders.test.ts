import { expect, test } from 'vitest';

import { classFolders } from './folders.ts';

test.each([
  [
    'the folder that a photo lies in names its sub-class',
    ['zoo/lion/1.jpg', 'zoo/lynx/2.jpg'],
    ['lion', 'lynx'],
  ],
  ['a class folder picked by itself counts too', ['lion/1.jpg', 'lion/2.jpg'], ['lion', 'lion']],
  ['a file beside the class folders has none', ['zoo/lion/1.jpg', 'zoo/plan.jpg'], ['lion', null]],
  ['a file in no folder has none', ['1.jpg', ''], [null, null]],
  [
    'an export’s folders count, that of unlabelled photos does not',
    ['Image_Library/red panda/1.png', 'Image_Library/_unlabelled/2.png'],
    ['red panda', null],
  ],
  ['names arrive in one Unicode form', ['zoo/cafe\u0301/1.jpg'], ['caf\u00e9']],
])('%s', (_rule, paths, folders) => {
  expect(classFolders(paths)).toEqual(folders);
});
