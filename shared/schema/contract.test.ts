import { describe, expect, test } from 'vitest';

import { benchmarkRecord } from './benchmark.ts';
import { dataSetRecord, DEFAULT_DATA_SET_OPTIONS } from './dataset.ts';
import { confusedTableRecord, mergeRuleRecord, subClassRecord, unknownLabelRecord } from './label.ts';
import { readLibrary } from './library.ts';
import { catalogRecord, EMPTY_CATALOG, labelsRecord, modelCardRecord } from './model.ts';
import { metricsRecord } from './metrics.ts';
import { photoRecord } from './photo.ts';
import type { RecordType } from './record.ts';
import { scoresRecord } from './scores.ts';
import { identificationRecord, reviewRecord } from './usage.ts';

const HASH = 'ab'.repeat(32);
const AT = '2026-01-02T03:04:05.000Z';
const UUID = '3f0f5a0e-9a3b-4d8a-8a53-2f3a4f0d9b11';

const label = { v: 1, id: 'red panda', name: 'Red Panda', createdAt: AT, createdBy: 'Ann' };
const subClass = { ...label, v: 2, flop: false };
const rule = { v: 1, id: 'camel', name: 'Camel', subClasses: ['dromedary', 'bactrian'], note: '' };
const confused = { v: 1, pairs: [{ truth: 'a', predicted: 'b', weight: 0.5 }] };
const benchmark = {
  v: 1,
  id: 'pranks',
  name: 'Pranks',
  kind: 'out-of-scope',
  frozenAt: null,
  items: [{ photo: HASH, truth: null }],
};
const photo = {
  v: 2,
  id: HASH,
  fileName: '<img src=x onerror=alert(1)>.jpg',
  bytes: 1000,
  width: 640,
  height: 480,
  source: 'folder',
  addedAt: AT,
  addedBy: '',
  origin: 'real',
  label: { kind: 'sub-class', id: 'red panda', by: 'Ann', at: AT },
  opinions: [{ by: 'Ann', at: AT, label: { kind: 'sub-class', id: 'red panda' } }],
  edits: { turn: 90, crop: { x: 0, y: 0, width: 1, height: 0.5 } },
  faults: ['blurry'],
  excluded: false,
  stamps: [{ field: 'faults', by: 'Ann', at: AT }],
  taken: '2026-05-01T09:30:00',
  quality: {
    brightness: 0.5,
    contrast: 0.2,
    shadows: 0,
    highlights: 0,
    backlight: -0.1,
    sharpness: 0.4,
    coverage: 0.6,
  },
  canonicalSize: 299,
  pixels: HASH,
  hash: '0123456789abcdef',
};
const dataSet = {
  v: 1,
  options: DEFAULT_DATA_SET_OPTIONS,
  labels: ['red panda'],
  classes: [
    {
      id: 'red panda',
      name: 'Red Panda',
      subClasses: ['red panda'],
      real: 41,
      staged: 0,
      synthetic: 0,
      included: true,
      shortBy: 0,
      training: 37,
      validation: 4,
      test: 0,
    },
  ],
  training: [{ photo: HASH, class: 'red panda' }],
  validation: [],
  test: [],
  benchmarks: [{ id: 'pranks', kind: 'out-of-scope', items: [{ photo: HASH, class: null }] }],
  leftOut: [{ photo: HASH, reason: 'unlabelled' }],
  testCovers: 0,
};
const scores = {
  v: 2,
  model: '007',
  labels: ['red panda'],
  names: ['Red Panda'],
  file: 'scores.npy',
  sha256: HASH,
  rows: 1,
  sets: [{ name: 'validation', from: 0, to: 1 }],
  items: [{ photo: HASH, truth: null }],
  unreadable: [{ photo: HASH, set: 'test', message: 'cut off' }],
  speed: { engine: 'wasm', imagesPerSecond: 40, msPerImage: 25 },
};
const metrics = {
  v: 2,
  model: 'run',
  threshold: 0.95,
  labels: [{ id: 'red panda', name: 'Red Panda' }],
  confusedTable: HASH,
  temperature: { kind: 'fitted', temperature: 1.2, images: 100 },
  speed: { engine: 'wasm', imagesPerSecond: 40, msPerImage: 25 },
  unreadable: 0,
  sets: [],
};
const card = {
  v: 2,
  version: 7,
  createdAt: AT,
  publishedAt: AT,
  library: { name: 'Zoo', exportId: UUID, photos: 1 },
  canonicalSize: 299,
  architecture: { name: 'mobilenet-v2', width: 1, parameters: 3 },
  preprocessing: { size: 224, range: [-1, 1], resize: 'letterbox' },
  threshold: 0.95,
  recipe: 'head-only',
  options: [['seed', '1']],
  dataSet: {
    options: DEFAULT_DATA_SET_OPTIONS,
    sha256: HASH,
    training: 1,
    validation: 1,
    test: 0,
    classes: 2,
    testCovers: 0,
  },
  weights: 'random',
  engine: 'cpu',
  trainingSeconds: 1.5,
  metrics: [],
  gate: {
    decision: 'no-go',
    reasons: ['x'],
    comparedWith: 6,
    checks: [
      {
        check: 'production',
        set: null,
        target: null,
        measured: null,
        production: null,
        outcome: 'failed',
        sentence: 'x',
      },
    ],
    override: { reason: 'the fair opens tomorrow', at: AT, by: 'Ann' },
  },
  throwAway: false,
  network: { model: 'model.json', labels: 'labels.json' },
  files: [{ path: 'model.json', bytes: 1, sha256: HASH }],
};
const names = (id: string) => ({ id, name: id, subClasses: [id], note: '' });
const identification = {
  v: 1,
  id: UUID,
  at: AT,
  model: 7,
  engine: 'wasm',
  top: [{ class: 'red panda', score: 0.97 }],
  threshold: 0.95,
  outcome: 'answer',
  timings: { decode: 1, prepare: 1, infer: 1 },
  photo: HASH,
  consent: false,
  feedback: null,
};
const review = {
  v: 1,
  id: UUID,
  identification: UUID,
  by: 'Ann',
  at: AT,
  verdict: 'prankster',
  faults: [],
  truth: null,
  usage: null,
  note: '',
};

const RECORDS: readonly (readonly [RecordType<unknown>, Record<string, unknown>])[] = [
  [photoRecord, photo],
  [subClassRecord, subClass],
  [unknownLabelRecord, label],
  [mergeRuleRecord, rule],
  [confusedTableRecord, confused],
  [benchmarkRecord, benchmark],
  [dataSetRecord, dataSet],
  [scoresRecord, scores],
  [metricsRecord, metrics],
  [modelCardRecord, card],
  [labelsRecord, { v: 1, labels: [names('a'), names('b')] }],
  [catalogRecord, EMPTY_CATALOG],
  [identificationRecord, identification],
  [reviewRecord, review],
];

describe.each(RECORDS.map(([record, good]) => [record.kind, record, good] as const))(
  '%s',
  (_, record, good) => {
    test('survives a trip through JSON unchanged', () => {
      expect(record.read(JSON.parse(JSON.stringify(good)), 'x')).toEqual(good);
    });

    test('every field is needed', () => {
      for (const key of Object.keys(good)) {
        const { [key]: _gone, ...rest } = good;
        expect(() => record.read(rest, 'x'), key).toThrow(/^x: /);
      }
    });

    test('a newer version is refused', () => {
      expect(() => record.read({ ...good, v: record.version + 1 }, 'x')).toThrow('Update Menagerie');
    });
  },
);

describe('older records', () => {
  test('opinions beside the label: the label of a photo of version 1 is the opinion of whoever gave it', () => {
    const { opinions, stamps: _s, taken: _t, quality: _q, ...old } = { ...photo, v: 1 };
    expect(photoRecord.read(old, 'x')).toEqual({
      ...photo,
      opinions,
      stamps: [],
      taken: null,
      quality: null,
    });
    const unlabelled = photoRecord.read({ ...old, label: null }, 'x');
    expect([unlabelled.label, unlabelled.opinions]).toEqual([null, []]);
  });

  test('AddGateChecks: a card of version 1 says what it said, and that nothing was overruled', () => {
    const old = { ...card, v: 1, gate: { decision: 'go', reasons: [] } };
    expect(modelCardRecord.read(old, 'card.json')).toEqual({
      ...card,
      gate: { decision: 'go', reasons: [], comparedWith: null, checks: [], override: null },
    });
  });

  test.each([undefined, null, 'go', { decision: 'perhaps', reasons: [] }])(
    'a card of version 1 with the gate %j is refused with the path',
    (gate) => {
      expect(() => modelCardRecord.read({ ...card, v: 1, gate }, 'card.json')).toThrow(
        /card\.json: .*at gate/,
      );
    },
  );
});

test('AllowFlop: photos of a sub-class of version 1 may be mirrored, as they always were (P4-11)', () => {
  expect(subClassRecord.read(label, 'x')).toEqual({ ...subClass, flop: true });
});

describe('library.json', () => {
  const library = {
    v: 2,
    name: 'Zoo',
    exportId: UUID,
    exportedAt: AT,
    canonicalSize: 299,
    subClasses: [subClass],
    unknownLabels: [label],
    mergeRules: [rule],
    confused,
    benchmarks: [benchmark],
    guidance: { v: 1, text: 'From the front', good: [HASH], bad: [] },
    plan: { v: 1, options: DEFAULT_DATA_SET_OPTIONS, classes: [] },
    shard: { index: 1, of: 2, photos: 3, leftOut: 0, photosSha256: HASH },
    photos: 5,
  };

  test('is read with every part in it', () => {
    expect(readLibrary(library, 'library.json')).toEqual(library);
  });

  test('AddGuidanceAndPlan: one of version 1 has neither, and left nothing out', () => {
    const { guidance: _guidance, plan: _plan, ...old } = library;
    const { leftOut: _leftOut, ...shard } = library.shard;
    const read = readLibrary({ ...old, v: 1, shard }, 'library.json');
    expect(read).toEqual({ ...library, guidance: null, plan: null });
  });

  test('of an older version is read with its parts brought up to date', () => {
    expect(readLibrary({ ...library, subClasses: [label] }, 'library.json').subClasses).toEqual([
      { ...subClass, flop: true },
    ]);
  });

  test('a wrong part is named with its place', () => {
    const wrong = { ...library, mergeRules: [rule, { ...rule, subClasses: [] }] };
    expect(() => readLibrary(wrong, 'zoo-001-of-002.zip/library.json')).toThrow(
      /zoo-001-of-002\.zip\/library\.json mergeRules\.1: .*at subClasses/,
    );
  });
});

describe('hostile values', () => {
  test.each(['', '   ', 'x'.repeat(1001)])(
    'a gate is not overruled without a reason, or with a novel: %j',
    (reason) => {
      const gate = { ...card.gate, override: { ...card.gate.override, reason } };
      expect(() => modelCardRecord.read({ ...card, gate }, 'card.json')).toThrow('gate.override.reason');
    },
  );

  test.each(['../x', '/x', 'a/../b', 'C:\\x', 'a\\b', '.hidden', '', 'a//b', 'x'.repeat(300)])(
    'a card may not name the file %j',
    (path) => {
      const bad = { ...card, files: [{ path, bytes: 1, sha256: HASH }] };
      expect(() => modelCardRecord.read(bad, 'card.json')).toThrow('files.0.path');
    },
  );

  test.each(['Red Panda', ' x', 'x'.repeat(301)])('a label id that is not folded is refused: %j', (id) => {
    expect(() => subClassRecord.read({ ...subClass, id }, 'x')).toThrow('at id');
  });
});
