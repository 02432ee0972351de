/** Tabs tell each other what they stored, so that two views of one library never drift apart. */
export interface Change {
  /** Photos that were added, changed or removed. */
  readonly photos: readonly string[];
  /** Whether labels, rules, benchmarks or settings may have changed, too. */
  readonly parts: boolean;
}

export interface Changes {
  readonly tell: (change: Change) => void;
  readonly close: () => void;
}

/** @param heard called for changes made by other tabs */
export function openChanges(heard: (change: Change) => void): Changes {
  const channel = new BroadcastChannel('menagerie-library');
  // A tab of an older build says of photos alone.
  channel.onmessage = ({ data }: MessageEvent<Pick<Change, 'photos'> & Partial<Change>>) => {
    heard({ photos: data.photos, parts: data.parts ?? true });
  };
  return {
    tell: (change) => {
      channel.postMessage(change);
    },
    close: () => {
      channel.close();
    },
  };
}
