import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import Provider from 'oidc-provider';

/**
 * A real OpenID Connect provider: whoever types an address has it, and it is verified unless it
 * says otherwise.
 */
export class IdentityProvider {
  private constructor(private readonly server: HttpServer) {}

  static async start(port: number, base: string): Promise<IdentityProvider> {
    const provider = new Provider(`http://127.0.0.1:${port}`, {
      clients: [
        {
          client_id: 'alta',
          client_secret: 'the secret of alta',
          redirect_uris: [`${base}/api/single-sign-on/return`],
        },
      ],
      claims: { email: ['email', 'email_verified'] },
      conformIdTokenClaims: false,
      cookies: { keys: ['only in this test'] },
      pkce: { required: () => true },
      findAccount: (_context: unknown, id: string) => ({
        accountId: id,
        claims: () => ({
          sub: id,
          email: id.replace('unverified-', ''),
          email_verified: !id.startsWith('unverified-'),
        }),
      }),
    });
    const server = provider.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new IdentityProvider(server);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
