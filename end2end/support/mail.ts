import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A real SMTP server on a free port, that keeps what it is sent. */
export class MailServer {
  readonly mails: ParsedMail[] = [];
  private server: SMTPServer | undefined;

  private constructor(private port: number) {}

  static async start(): Promise<MailServer> {
    const mail = new MailServer(0);
    await mail.up();
    return mail;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  async up(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: (address, _session, done) => {
        const unknown = address.address.startsWith('nobody@');
        done(unknown ? Object.assign(new Error('no such user here'), { responseCode: 550 }) : null);
      },
      onData: (stream, _session, done) => {
        simpleParser(stream).then((mail) => {
          this.mails.push(mail);
          done();
        }, done);
      },
    });
    server.listen(this.port, '127.0.0.1');
    await once(server.server, 'listening');
    this.port = (server.server.address() as AddressInfo).port;
    this.server = server;
  }

  async down(): Promise<void> {
    const server = this.server;
    if (server) await new Promise<void>((resolve) => server.close(resolve));
  }

  /** The last mail to an address, once it is there. */
  async to(address: string, count = 1): Promise<ParsedMail> {
    for (let tries = 0; tries < 200; tries += 1) {
      const found = this.mails.filter((mail) => JSON.stringify(mail.to).includes(address));
      if (found.length >= count) return found[found.length - 1];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no mail to ${address}`);
  }
}

/** The link of a mail. */
export function linkOf(mail: ParsedMail): string {
  const found = /http:\/\/\S+/.exec(mail.text ?? '');
  if (!found) throw new Error(`no link in ${mail.text}`);
  return found[0];
}
