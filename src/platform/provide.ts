import type { Container } from 'inversify';
import type { Given, Needs } from '../kernel/shapes/tokens.js';

/** Binds a class that says itself what it needs. */
export function provide<Asked extends Needs, Thing>(
  container: Container,
  made: { readonly needs: Asked; new (parts: Given<Asked>): Thing },
): void {
  const names = Object.keys(made.needs);
  container
    .bind(made)
    .toResolvedValue(
      (...parts: unknown[]) => new made(Object.fromEntries(names.map((name, at) => [name, parts[at]])) as Given<Asked>),
      Object.values(made.needs),
    );
}
