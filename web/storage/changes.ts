/** Tabs tell each other what they stored, so that two views of one library never drift apart. */
export interface Change {
  /** Photos that were added, changed or removed. */
  readonly photos: readonly string[];
}

export interface Changes {
  readonly tell: (change: Change) => void;
  readonly close: () => void;
}

/** @param heard called for changes made by other tabs */
export function openChanges(heard: (change: Change) => void): Changes {
  const channel = new BroadcastChannel('menagerie-library');
  channel.onmessage = (event: MessageEvent<Change>) => {
    heard(event.data);
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
