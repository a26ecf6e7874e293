import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = process.env.ALTA_FAKES ?? 'target/release/alta-fakes';
/** How much faster than the vendors' limits they run. */
const SPEED = 200;

/** The vendors that cannot be run here, played by one program. */
export class Fakes {
  private constructor(
    readonly base: string,
    /** A data directory whose manifests name the fakes. */
    readonly data: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(contacts = 60, transactions = 150, products = 20): Promise<Fakes> {
    const data = mkdtempSync(join(tmpdir(), 'alta-e2e-'));
    const manifests = ['--manifests', 'crates/connect/systems', '--into', join(data, 'systems')];
    const sizes = [
      '--contacts',
      `${contacts}`,
      '--transactions',
      `${transactions}`,
      '--products',
      `${products}`,
    ];
    const child = spawn(BINARY, ['--speed', `${SPEED}`, ...sizes, ...manifests], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const base = await new Promise<string>((resolve, reject) => {
      child.on('error', reject);
      child.stdout?.on('data', (chunk: Buffer) => {
        const found = /fakes ready: (\S+)/.exec(chunk.toString());
        if (found) resolve(found[1]);
      });
    });
    return new Fakes(base, data, child);
  }

  async control<T = unknown>(system: string, what: string, body?: unknown): Promise<T> {
    const request =
      body === undefined
        ? {}
        : {
            method: 'POST',
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
          };
    const answer = await fetch(`${this.base}/control/${system}/${what}`, request);
    return (await answer.json().catch(() => undefined)) as T;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 2000))]);
    this.child.kill('SIGKILL');
    rmSync(this.data, { recursive: true, force: true });
  }
}
