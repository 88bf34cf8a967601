import { IncomingMessage, ServerResponse, type ServerOptions } from 'node:http';
import type { Express } from 'express';

/**
 * Requests and responses that are born with this app's prototypes. Express gives them to each message otherwise, and
 * an object whose prototype was changed shares its shape with no other: every property that is read or set on it, here
 * and inside of Node, is then looked up anew: more than half of the work of the sign-in page.
 */
export function messagesOf(app: Express): ServerOptions {
  class Asked extends IncomingMessage {}
  class Answer<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {}
  Object.setPrototypeOf(Asked.prototype, app.request);
  Object.setPrototypeOf(Answer.prototype, app.response);
  app.request = Asked.prototype as Express['request'];
  app.response = Answer.prototype as Express['response'];
  return { IncomingMessage: Asked, ServerResponse: Answer };
}
