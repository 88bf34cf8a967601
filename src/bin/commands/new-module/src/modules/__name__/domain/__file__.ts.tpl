export interface __Type__ {
  id: string;
  name: string;
  note: string;
  /** Offered where something is chosen; what isn't stays in the history. */
  active: boolean;
  version: number;
}
