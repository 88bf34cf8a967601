import { buffer } from 'node:stream/consumers';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface TestSmtp {
  url: string;
  received: ParsedMail[];
  raw: string[];
  recipients: string[];
  stop(): Promise<void>;
}

export interface SmtpBehaviour {
  /** A refusal of the recipient, by its SMTP code. */
  refuse?: { code: number; text: string };
  /** Milliseconds before the answer to the message itself. */
  slowAfterData?: number;
  /** Takes the message, then closes the connection without an answer. */
  dropAfterData?: boolean;
  login?: { user: string; password: string };
}

/** A real SMTP server on loopback that keeps what it takes. */
export async function startSmtp(behaviour: SmtpBehaviour = {}): Promise<TestSmtp> {
  const { login } = behaviour;
  const received: ParsedMail[] = [];
  const raw: string[] = [];
  const recipients: string[] = [];
  const server = new SMTPServer({
    disabledCommands: login ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    allowInsecureAuth: true,
    logger: false,
    onAuth({ username, password }, _session, done) {
      if (username === login?.user && password === login?.password) done(null, { user: username });
      else done(Object.assign(new Error('Wrong account'), { responseCode: 535 }));
    },
    onRcptTo({ address }, _session, done) {
      const { refuse } = behaviour;
      recipients.push(address);
      done(refuse ? Object.assign(new Error(refuse.text), { responseCode: refuse.code }) : null);
    },
    onData(stream, _session, done) {
      void buffer(stream).then(async (bytes) => {
        raw.push(bytes.toString('utf8'));
        received.push(await simpleParser(bytes));
        if (behaviour.dropAfterData) for (const connection of server.connections) connection._socket.destroy();
        else setTimeout(done, behaviour.slowAfterData ?? 0);
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const account = login ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@` : '';
  return {
    url: `smtp://${account}127.0.0.1:${port}`,
    received,
    raw,
    recipients,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
