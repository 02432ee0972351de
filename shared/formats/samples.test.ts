/** What other programs really write, cut to a few lines; each names where it is from. */
import { describe, expect, test } from 'vitest';

import { readForeign, type Reading } from './foreign.ts';
import { filedBy } from './image-folder.ts';

function read(texts: Record<string, string>, images: readonly string[]): Reading {
  return readForeign(
    Object.entries(texts).map(([name, text]) => ({ name, text })),
    images,
  );
}

function labelsOf(reading: Reading): Record<string, string> {
  return Object.fromEntries([...reading.labels].map(([path, { name }]) => [path, name]));
}

describe('CSV', () => {
  test('names without extension (labels.csv of Kaggle’s “Dog Breed Identification”)', () => {
    const text =
      'id,breed\n000bec180eb18c7604dcecc8fe0dba07,boston_bull\n001513dfcb2ffafc82cccf4d8bbaba97,dingo\n';
    const images = [
      'train/000bec180eb18c7604dcecc8fe0dba07.jpg',
      'train/001513dfcb2ffafc82cccf4d8bbaba97.jpg',
    ];
    const reading = read({ 'labels.csv': text }, images);
    expect(labelsOf(reading)).toEqual({ [images[0]!]: 'boston_bull', [images[1]!]: 'dingo' });
    expect(reading.recognised).toEqual([{ format: 'csv', file: 'labels.csv', labels: 2, problems: [] }]);
  });

  test.each([
    ['heads that say nothing', '\ufeffDatei;x\r\n', null],
    [
      'semicolons, a BOM and quotes',
      '\ufeffFile Name;Class;Set\r\n"a;1.jpg";"red ""panda""";val\r\n',
      'red "panda"',
    ],
    ['tabs and other columns', 'width\timage\tlabel\n3\ta;1.jpg\tlynx\n', 'lynx'],
    ['no header', 'a;1.jpg,lion\n', 'lion'],
    ['no header, no line end', '"a;1.jpg",lion', 'lion'],
    ['a backslash path', 'path,species\nC:\\zoo\\pics\\a;1.jpg,lion\n', 'lion'],
  ])('%s', (_, text, label) => {
    expect(read({ 'l.csv': text }, ['pics/a;1.jpg']).labels.get('pics/a;1.jpg')?.name ?? null).toBe(label);
  });

  test('the part in front and an address in a bucket, as Vertex AI’s import lists have them', () => {
    const text = 'VALIDATE,gs://zoo/a/1.jpg,lion\nUNASSIGNED,gs://zoo/a/2.jpg,lynx\n,gs://zoo/a/3.jpg,puma\n';
    const reading = read({ 'import.csv': text }, ['a/1.jpg', 'a/2.jpg', 'a/3.jpg']);
    expect([...reading.labels]).toEqual([
      ['a/1.jpg', { name: 'lion', part: 'validation' }],
      ['a/2.jpg', { name: 'lynx', part: null }],
      ['a/3.jpg', { name: 'puma', part: null }],
    ]);
  });

  test('what cannot be told apart is named and left alone', () => {
    const text = 'file,label\n1.jpg,lion\nc/2.jpg,lion\nc/2.jpg,lynx\nzoo/gone.jpg,puma\nb/1.jpg,puma\n';
    const reading = read({ 'x.csv': text }, ['a/1.jpg', 'b/1.jpg', 'c/2.jpg', 'd/4.jpg']);
    expect(labelsOf(reading)).toEqual({ 'b/1.jpg': 'puma' });
    expect(reading.recognised[0]?.problems.map(({ file }) => file)).toEqual([
      '1.jpg',
      'zoo/gone.jpg',
      'c/2.jpg',
      'a/1.jpg',
      'd/4.jpg',
    ]);
  });

  test('a label too long, and two files that contradict each other', () => {
    const long = read({ 'x.csv': `file,label\n1.jpg,${'x'.repeat(301)}\n` }, ['1.jpg']);
    expect(labelsOf(long)).toEqual({});
    expect(long.recognised[0]?.problems[0]?.reason).toContain('300');
    const two = read({ 'x.csv': 'file,label\n1.jpg,lion\n', 'y.csv': 'file,label\n1.jpg,lynx\n' }, ['1.jpg']);
    expect(labelsOf(two)).toEqual({});
    expect(two.recognised[1]?.problems[0]?.file).toBe('1.jpg');
  });
});

describe('COCO', () => {
  const coco = (change: object = {}): string =>
    JSON.stringify({
      info: { description: 'COCO 2017 Dataset', year: 2017 },
      licenses: [],
      images: [
        { license: 4, file_name: '000000397133.jpg', height: 427, width: 640, id: 397133 },
        { license: 1, file_name: '000000037777.jpg', height: 230, width: 352, id: 37777 },
        { license: 1, file_name: '000000252219.jpg', height: 428, width: 640, id: 252219 },
      ],
      annotations: [
        {
          segmentation: [[1, 2, 3, 4]],
          area: 2.5,
          iscrowd: 0,
          image_id: 397133,
          bbox: [1, 2, 3, 4],
          category_id: 22,
          id: 1,
        },
        { area: 9, iscrowd: 1, image_id: 397133, bbox: [0, 0, 3, 3], category_id: 22, id: 2 },
        { area: 9, iscrowd: 0, image_id: 37777, bbox: [0, 0, 3, 3], category_id: 22, id: 3 },
        { area: 9, iscrowd: 0, image_id: 37777, bbox: [0, 0, 3, 3], category_id: 24, id: 4 },
      ],
      categories: [
        { supercategory: 'animal', id: 22, name: 'elephant' },
        { supercategory: 'animal', id: 24, name: 'zebra' },
      ],
      ...change,
    });
  const images = ['val2017/000000397133.jpg', 'val2017/000000037777.jpg', 'val2017/000000252219.jpg'];

  test('the form of instances_val2017.json (cocodataset.org)', () => {
    const reading = read({ 'annotations/instances_val2017.json': coco() }, images);
    expect([...reading.labels]).toEqual([[images[0], { name: 'elephant', part: 'validation' }]]);
    expect(reading.recognised[0]?.problems).toEqual([
      {
        file: images[1],
        reason: 'It has several labels (“elephant”, “zebra”), so it was left without one.',
      },
    ]);
  });

  test('a list beside the images of each part that have the same names (Roboflow’s export)', () => {
    const list = (name: string): string =>
      coco({
        images: [{ id: 0, file_name: '1.jpg' }],
        annotations: [{ image_id: 0, category_id: 1 }],
        categories: [{ id: 1, name }],
      });
    const reading = read(
      { 'train/_annotations.coco.json': list('lion'), 'valid/_annotations.coco.json': list('lynx') },
      ['train/1.jpg', 'valid/1.jpg'],
    );
    expect(labelsOf(reading)).toEqual({ 'train/1.jpg': 'lion', 'valid/1.jpg': 'lynx' });
  });

  test('a broken one is a problem of its own', () => {
    const reading = read(
      { 'a.json': coco({ images: [{ id: 1 }] }), 'b.json': '{"images":', 'c.json': '{}' },
      images,
    );
    expect(reading.problems.map(({ file }) => file)).toEqual(['a.json', 'b.json', 'c.json']);
    expect(reading.labels.size).toBe(0);
  });
});

describe('CVAT', () => {
  /** After the example in CVAT's documentation, "XML annotation format". */
  const cvat = `<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta><task><id>4</id><name>segmentation</name><labels><label><name>car</name></label></labels></task></meta>
  <image id="0" name="filename000.jpg" width="1600" height="1200">
    <box label="plate" xtl="797.33" ytl="870.92" xbr="965.52" ybr="928.94" occluded="0" z_order="4"></box>
    <polygon label="plate" points="561.30,916.23;561.30,842.77" occluded="0" source="manual"></polygon>
  </image>
  <image id="1" name="filename001.jpg" width="1600" height="1200" subset="Test">
    <box label="car" xtl="1" ytl="1" xbr="2" ybr="2"><attribute name="model">a &amp; b</attribute></box>
    <tag label="pla&quot;ne" source="manual"></tag>
  </image>
  <image id="2" name="filename002.jpg" width="1600" height="1200">
    <box label="car"></box><box label="plane"></box>
  </image>
</annotations>`;
  const images = ['images/filename000.jpg', 'images/filename001.jpg', 'images/filename002.jpg'];

  test('tags before boxes, boxes where all are called alike', () => {
    const reading = read({ 'annotations.xml': cvat }, images);
    expect([...reading.labels]).toEqual([
      [images[0], { name: 'plate', part: null }],
      [images[1], { name: 'pla"ne', part: 'test' }],
    ]);
    expect(reading.recognised[0]?.problems.map(({ file }) => file)).toEqual([images[2]]);
  });

  test('cut, foreign, and with entities of its own', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>${cvat.replace('"plate"', '"&b;"').replace('"plate"', '"&b;"')}`;
    expect(read({ 'a.xml': cvat.slice(0, -9) }, images).problems).toHaveLength(1);
    expect(read({ 'a.xml': '<annotation><object/></annotation>' }, images).problems).toHaveLength(1);
    expect(labelsOf(read({ 'a.xml': bomb }, images))[images[0]!]).toBe('&b;');
  });
});

describe('Label Studio', () => {
  /** After the examples in Label Studio's documentation, "Export annotations" and "Image classification". */
  const task = (image: string, ...choices: string[]): object => ({
    id: 1,
    data: { image },
    annotations: choices.map((choice) => ({
      id: 1001,
      completed_by: 1,
      was_cancelled: false,
      result: [
        { id: 'a', from_name: 'choice', to_name: 'image', type: 'choices', value: { choices: [choice] } },
      ],
    })),
    predictions: [{ model_version: '1', score: 0.9, result: [{ value: { choices: ['puma'] } }] }],
  });

  test('uploads, local files and buckets; predictions are none of ours', () => {
    const text = JSON.stringify([
      task('/data/upload/1/0123abcd-zoo%20one.jpg', 'lion'),
      task('/data/local-files/?d=zoo/two.jpg', 'lynx', 'lynx'),
      task('s3://bucket/three.jpg?x=1', 'lion', 'lynx'),
      task('http://localhost:8080/four.jpg'),
    ]);
    const images = ['zoo one.jpg', 'zoo/two.jpg', 'three.jpg', 'four.jpg'];
    const reading = read({ 'project-1-at-2026.json': text }, images);
    expect(labelsOf(reading)).toEqual({ 'zoo one.jpg': 'lion', 'zoo/two.jpg': 'lynx' });
    expect(reading.recognised[0]?.problems.map(({ file }) => file)).toEqual(['three.jpg']);
  });

  test('the short form (JSON-MIN), and boxes', () => {
    const short = JSON.stringify([
      { image: '/data/upload/a.jpg', id: 1, choice: 'lion' },
      { image: '/data/upload/b.jpg', id: 2, choice: { choices: ['lynx'] } },
    ]);
    expect(labelsOf(read({ 'min.json': short }, ['a.jpg', 'b.jpg']))).toEqual({
      'a.jpg': 'lion',
      'b.jpg': 'lynx',
    });
    const box = { type: 'rectanglelabels', value: { x: 1, y: 1, rectanglelabels: ['Airplane'] } };
    const boxes = JSON.stringify([{ data: { image: 'a.jpg' }, completions: [{ result: [box] }] }]);
    expect(labelsOf(read({ 'boxes.json': boxes }, ['a.jpg']))).toEqual({ 'a.jpg': 'Airplane' });
  });
});

test('YOLO: names by number, as Ultralytics’ imagenet10 lists them', () => {
  const text = 'path: ../datasets/x\ntrain: train\nval: val\nnames:\n  0: tench\n  1: "gold fish"\n';
  const reading = read({ 'data.yaml': text }, ['train/0/a.jpg', 'val/1/b.jpg', 'val/hen/c.jpg']);
  expect([...reading.labels.values()]).toEqual([
    { name: 'tench', part: 'training' },
    { name: 'gold fish', part: 'validation' },
    { name: 'hen', part: 'validation' },
  ]);
  expect(read({ 'a.yaml': 'x: &a [1]\nnames: [*a, *a]\n', 'b.yml': 'names: {' }, []).problems).toHaveLength(
    2,
  );
});

test('a project of Teachable Machine, packed as TeachableMachine-Scraper packs it', () => {
  const manifest = { type: 'image', version: '2.4.4', appdata: { trainEpochs: 50, trainBatchSize: 16 } };
  const images = ['Red Panda-!-0.jpg', 'Red Panda-!-1.jpg', 'lion-!-0.jpg', 'cover.jpg'];
  const reading = read({ 'manifest.json': JSON.stringify(manifest) }, images);
  expect([...reading.labels.values()].map(({ name }) => name)).toEqual(['Red Panda', 'Red Panda', 'lion']);
  expect(read({ 'manifest.json': JSON.stringify({ ...manifest, type: 'audio' }) }, []).problems).toHaveLength(
    1,
  );
});

test.each<[string, string[], (string | null)[]]>([
  ['the folder that a photo lies in names its label', ['zoo/lion/1.jpg', 'zoo/lynx/2.jpg'], ['lion', 'lynx']],
  ['a class folder picked by itself counts too', ['lion/1.jpg', 'lion/2.jpg'], ['lion', 'lion']],
  ['a file beside the class folders has none', ['zoo/lion/1.jpg', 'zoo/plan.jpg'], ['lion', null]],
  ['a file in no folder has none', ['1.jpg', ''], [null, null]],
  [
    'an export’s folders count, that of unlabelled photos does not',
    ['Image_Library/red panda/1.png', 'Image_Library/_unlabelled/2.png'],
    ['red panda', null],
  ],
  ['names arrive in one Unicode form', ['zoo/cafe\u0301/1.jpg'], ['caf\u00e9']],
  [
    'photos of a part that are in no class have none',
    ['zoo/train/lion/1.jpg', 'zoo/test/2.jpg'],
    ['lion', null],
  ],
  [
    'a class may be called like a part',
    ['train/test/1.jpg', 'train/lion/1.jpg', 'test/1.jpg'],
    ['test', 'lion', null],
  ],
])('folders: %s', (_rule, paths, labels) => {
  expect(filedBy(paths).map(({ label }) => label)).toEqual(labels);
});

test('a list of Vertex AI with its header line is read', () => {
  const text =
    'ML_USE,GCS_FILE_PATH,LABEL\ntraining,gs://zoo/lion/1.jpg,lion\ntest,gs://zoo/tiger/1.jpg,tiger\n';
  const { labels } = readForeign([{ name: 'list.csv', text }], ['zoo/lion/1.jpg', 'zoo/tiger/1.jpg']);
  expect([...labels].map(([path, { name }]) => [path, name])).toEqual([
    ['zoo/lion/1.jpg', 'lion'],
    ['zoo/tiger/1.jpg', 'tiger'],
  ]);
});

test('one name in ten thousand folders is found by its folder, and is ambiguous without one', () => {
  const images = Array.from({ length: 10_000 }, (_, n) => `pictures/${String(n)}/1.jpg`);
  const rows = images.map((_, n) => `/home/ada/${String(n)}/1.jpg,lion`);
  const text = ['file,label', ...rows, '1.jpg,lion'].join('\n');
  const { labels, recognised } = readForeign([{ name: 'list.csv', text }], images);
  expect(labels.size).toBe(10_000);
  expect(recognised.flatMap(({ problems }) => problems).map(({ reason }) => reason)).toEqual([
    'Several images have this name, so none of them was labelled.',
  ]);
});
