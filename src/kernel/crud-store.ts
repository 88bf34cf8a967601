/** What a plain resource needs from its table. `list` is ordered the way the school reads it. */
export interface CrudStore<Entity extends { id: string }> {
  find(id: string): Promise<Entity | null>;
  list(): Promise<Entity[]>;
  insert(entity: Entity): Promise<void>;
  /** Changes what is named; returns false when there is no such row. */
  update(id: string, patch: Partial<Omit<Entity, 'id'>>): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}
