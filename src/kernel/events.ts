/** Something that happened, told to other modules after commit, at least once. */
export interface DomainEvent<Payload = unknown> {
  name: string;
  payload: Payload;
}

/** A past-tense event that a module declares in its `index.ts`. */
export interface EventType<Payload> {
  readonly eventName: string;
  (payload: Payload): DomainEvent<Payload>;
}

export function eventType<Payload>(name: `${string}.${string}`): EventType<Payload> {
  return Object.assign((payload: Payload) => ({ name, payload }), { eventName: name });
}
