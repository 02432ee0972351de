import { messageOf } from './problem.ts';

/** An object URL that a component shows, and gives back when another one takes its place or the component goes. */
export class OwnedUrl {
  /** Null while it is on its way, and where there is none. */
  url = $state.raw<string | null>(null);
  /** Why there is none, in words. */
  problem = $state('');

  /**
   * Called in an effect; one that comes late is never shown beside what is wanted by then.
   * @param loading null for no picture
   * @param none what to say of that
   * @returns the effect's end
   */
  show(loading: Promise<string | null>, none = ''): () => void {
    let mine: string | null = null;
    let gone = false;
    this.url = null;
    this.problem = '';
    loading.then(
      (made) => {
        if (!gone) this.url = mine = made;
        else if (made !== null) URL.revokeObjectURL(made);
        if (!gone && made === null) this.problem = none;
      },
      (error: unknown) => {
        if (!gone) this.problem = messageOf(error);
      },
    );
    return () => {
      gone = true;
      if (mine !== null) URL.revokeObjectURL(mine);
    };
  }
}
