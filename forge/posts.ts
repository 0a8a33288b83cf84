/** A text of ours at a forge: a comment on a pull request, or an issue. */
export interface Post {
  readonly id: string;
  readonly body: string;
}

/** A place at a forge that holds posts of ours beside those of others. */
export interface Posts {
  /** What messages call it. */
  readonly place: string;
  /** Characters that a body may have. */
  readonly limit: number;
  /** The posts that begin with the given text and that we wrote ourselves, on whatever page they are, oldest first. */
  own(start: string): Promise<Post[]>;
  create(body: string): Promise<void>;
  update(id: string, body: string): Promise<void>;
  /** Takes a post away (a comment is deleted, an issue is closed); one that is gone already is no error. */
  remove(id: string): Promise<void>;
  /** Folds a post that nobody need read any more, where the forge can do that. */
  fold?(id: string): Promise<void>;
}

/** What keeps a forge from taking a post: its message is all that people see, and never has the token in it. */
export class ForgeError extends Error {}
