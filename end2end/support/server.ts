import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = process.env.ALTA_BINARY ?? 'target/release/alta';

/** A free port of the loopback address. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}

/** The parts of `alta check --json` that the tests compare. */
export interface CheckSaid {
  error: { code: string } | null;
  ledger: { records: number; ready: number; merged: number; rejected: number } | null;
}

/** The real binary with a database of its own; stopped by its own handle. */
export class Server {
  private constructor(
    readonly base: string,
    /** What it printed: the address to open. */
    readonly opened: string,
    readonly data: string,
    private readonly env: NodeJS.ProcessEnv,
    private child: ChildProcess,
  ) {}

  /**
   * Takes what the browser leaves of the processor, as a server on a machine of its own does.
   * Linux alone can say so; elsewhere nothing changes.
   */
  stepsBack(): void {
    try {
      writeFileSync(`/proc/${this.child.pid}/autogroup`, '19');
    } catch (error) {
      console.log(`the server shares the processor with the page: ${error}`);
    }
  }

  static async start(settings: Record<string, string> = {}, prepared?: string): Promise<Server> {
    const data = prepared ?? mkdtempSync(join(tmpdir(), 'alta-e2e-'));
    const port = await freePort();
    // An address without a port gets the server's.
    const publicUrl =
      settings.ALTA_PUBLIC_URL === undefined
        ? {}
        : { ALTA_PUBLIC_URL: `${settings.ALTA_PUBLIC_URL}:${port}` };
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      ALTA_DATA: data,
      ALTA_LISTEN: `127.0.0.1:${port}`,
      ...settings,
      ...publicUrl,
    };
    delete env.DATABASE_URL;
    const [child, opened] = await Server.serve(env);
    return new Server(env.ALTA_PUBLIC_URL ?? `http://127.0.0.1:${port}`, opened, data, env, child);
  }

  private static async serve(env: NodeJS.ProcessEnv): Promise<[ChildProcess, string]> {
    // In a session of its own, which Linux shares the processor by.
    const child = spawn(BINARY, ['serve'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const opened = await new Promise<string>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`alta ended with ${code}`)));
      let text = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const found = /Alta is ready: (\S+)/.exec(text);
        if (found) resolve(found[1]);
      });
    });
    return [child, opened];
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /**
   * Ends at once, as in a power cut; `serveAgain` brings it back with the same data at the same
   * address.
   */
  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  async serveAgain(): Promise<void> {
    [this.child] = await Server.serve(this.env);
  }

  /**
   * A server whose organization and Admin exist already, in a data directory of its own or in this
   * one.
   */
  static async startSetUp(
    settings: Record<string, string> = {},
    data = mkdtempSync(join(tmpdir(), 'alta-e2e-')),
  ): Promise<Server> {
    Server.command(
      data,
      [
        'set-up',
        '--organization',
        'Comercial Andina',
        '--country',
        'BR',
        '--language',
        'es',
        '--name',
        'Ana Silva',
        '--email',
        ADMIN.email,
      ],
      ADMIN.password,
    );
    return Server.start(settings, data);
  }

  private static command(data: string, args: string[], input: string): void {
    const env = { ...process.env, ALTA_DATA: data };
    delete env.DATABASE_URL;
    const done = spawnSync(BINARY, args, { env, input });
    if (done.status !== 0) throw new Error(`${args.join(' ')}: ${done.stderr.toString()}`);
  }

  /** What `alta check` says of a file, and how it ends. */
  static check(path: string): { status: number | null; said: CheckSaid } {
    const done = spawnSync(BINARY, ['check', path, '--json']);
    return { status: done.status, said: JSON.parse(done.stdout.toString()) };
  }

  addUser(email: string, role: string): void {
    Server.command(
      this.data,
      ['user', 'add', email, '--name', 'Vera Lima', '--role', role],
      ADMIN.password,
    );
  }

  resetPassword(email: string, password: string): void {
    Server.command(this.data, ['user', 'reset-password', email], password);
  }

  /** Changes the database behind the server's back: time passes in no other way. */
  sql(statement: string): void {
    const script =
      'import sqlite3, sys; base = sqlite3.connect(sys.argv[1]); base.execute(sys.argv[2]); base.commit()';
    const done = spawnSync('python3', ['-c', script, join(this.data, 'alta.db'), statement]);
    if (done.status !== 0) throw new Error(`${statement}: ${done.stderr.toString()}`);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 3000))]);
    this.child.kill('SIGKILL');
    rmSync(this.data, { recursive: true, force: true });
  }
}

export const ADMIN = { email: 'ana@example.com', password: 'primeros pasos' };
