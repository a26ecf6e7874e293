import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BINARY = process.env.ALTA_FAKES ?? 'target/release/alta-fakes';
/** How much faster than the vendors' limits they run. */
const SPEED = 200;

/** Where each system's hosts are at the fakes. */
const HOSTS: Record<string, [string, string][]> = {
  omie: [['https://app.omie.com.br', '/omie']],
  bling: [
    ['https://api.bling.com.br', '/bling'],
    ['https://www.bling.com.br', '/bling'],
  ],
  wbuy: [['https://sistema.sistemawbuy.com.br', '/wbuy']],
};

/** The vendors that cannot be run here, played by one program. */
export class Fakes {
  private constructor(
    readonly base: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(contacts = 60, transactions = 150, products = 20): Promise<Fakes> {
    const sizes = ['--contacts', `${contacts}`, '--transactions', `${transactions}`, '--products', `${products}`];
    const child = spawn(BINARY, ['--speed', `${SPEED}`, ...sizes], { stdio: ['ignore', 'pipe', 'inherit'] });
    const base = await new Promise<string>((resolve, reject) => {
      child.on('error', reject);
      child.stdout?.on('data', (chunk: Buffer) => {
        const found = /fakes ready: (\S+)/.exec(chunk.toString());
        if (found) resolve(found[1]);
      });
    });
    return new Fakes(base, child);
  }

  /** Manifests of the data directory, whose systems are the fakes. */
  manifests(data: string): void {
    mkdirSync(join(data, 'systems'));
    for (const [slug, hosts] of Object.entries(HOSTS)) {
      let text = readFileSync(`crates/connect/systems/${slug}.toml`, 'utf8');
      for (const [host, prefix] of hosts) text = text.replaceAll(host, this.base + prefix);
      text = text.replace(/^seconds = ([\d.]+)$/gm, (_, seconds: string) => `seconds = ${Number(seconds) / SPEED}`);
      writeFileSync(join(data, 'systems', `${slug}.toml`), text);
    }
  }

  async control<T = unknown>(system: string, what: string, body?: unknown): Promise<T> {
    const request = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const answer = await fetch(`${this.base}/control/${system}/${what}`, request);
    return (await answer.json().catch(() => undefined)) as T;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 2000))]);
    this.child.kill('SIGKILL');
  }
}
