/** What the sample zoo keeps: the sub-class's name and the drawing that shows it. */
export interface Animal {
  readonly name: string;
  readonly drawing: string;
}

/** Sub-classes of the sample library. The two camels are merged into one class by a rule. */
export const ANIMALS: readonly Animal[] = [
  { name: 'Bactrian camel', drawing: 'two-hump-camel' },
  { name: 'Dromedary', drawing: 'camel' },
  { name: 'Crocodile', drawing: 'crocodile' },
  { name: 'Elephant', drawing: 'elephant' },
  { name: 'Flamingo', drawing: 'flamingo' },
  { name: 'Giraffe', drawing: 'giraffe' },
  { name: 'Leopard', drawing: 'leopard' },
  { name: 'Peacock', drawing: 'peacock' },
  { name: 'Penguin', drawing: 'penguin' },
  { name: 'Tiger', drawing: 'tiger' },
  { name: 'Zebra', drawing: 'zebra' },
];

/** Met around the zoo but not among its animals: the sample's out-of-scope benchmark. */
export const OUT_OF_SCOPE: readonly Animal[] = [
  { name: 'Popcorn', drawing: 'popcorn' },
  { name: 'Hamburger', drawing: 'hamburger' },
  { name: 'Duck', drawing: 'duck' },
  { name: 'Bicycle', drawing: 'bicycle' },
];

/** Birds nobody has named yet: the sample's unknown label. */
export const UNKNOWN: readonly Animal[] = [
  { name: 'Owl', drawing: 'owl' },
  { name: 'Swan', drawing: 'swan' },
  { name: 'Parrot', drawing: 'parrot' },
];
