// `cargo xtask bench intake`: the same file in the same Chromium, read and taken apart in five
// ways, in turns.
//
// Each contestant is a worker of its own that gets the File and says how many records it saw. What
// is timed is from the message with the File to
// the answer; what a worker loads first is not. Nothing is kept by any of them.

import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { chromium } from '@playwright/test';

const [file, assets, modules] = process.argv.slice(2);
const ROUNDS = Number(process.env.ALTA_ROUNDS ?? 5);

const WORKERS = {
  'read the File only': `onmessage = async ({ data }) => {
    let n = 0; for await (const chunk of data.stream()) n += chunk.length; postMessage(n);
  }; postMessage('ready')`,
  'PapaParse in a worker, step': `importScripts('/papaparse.min.js'); onmessage = ({ data }) => {
    let n = 0; Papa.parse(data, { step: () => { n += 1; }, complete: () => postMessage(n) });
  }; postMessage('ready')`,
  'uDSV in a worker, stream': `import('/uDSV.mjs').then(({ inferSchema, initParser }) => { onmessage = async ({ data }) => {
    let parser, n = 0;
    for await (const text of data.stream().pipeThrough(new TextDecoderStream())) {
      parser ??= initParser(inferSchema(text));
      parser.chunk(text, parser.stringArrs, (rows) => { n += rows.length; });
    }
    parser.end(); postMessage(n);
  }; postMessage('ready') })`,
  'Alta, parse only': `import('/bench.js').then(async (alta) => { const wasm = await alta.default('/bench.wasm');
    onmessage = async ({ data }) => postMessage(await alta.parse(data)); postMessage('ready') })`,
  'Alta, check everything': `import('/bench.js').then(async (alta) => { const wasm = await alta.default('/bench.wasm');
    onmessage = async ({ data }) => { const ledger = await alta.check(data); postMessage(ledger[0], { ledger }); console.log('memory', wasm.memory.buffer.byteLength) };
    postMessage('ready') })`,
};

const PATHS = {
  '/papaparse.min.js': join(modules, 'papaparse/papaparse.min.js'),
  '/uDSV.mjs': join(modules, 'udsv/dist/uDSV.mjs'),
  '/bench.js': join(assets, 'bench.js'),
  '/bench.wasm': join(assets, 'bench_bg.wasm'),
};
const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const server = createServer((request, response) => {
  const path = PATHS[request.url];
  response.setHeader('content-type', path ? TYPES[extname(path)] : 'text/html');
  response.end(
    path ? readFileSync(path) : '<!doctype html><title>bench</title><input type="file" />',
  );
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const browser = await chromium.launch({
  executablePath: process.env.ALTA_CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
});
const found = Object.fromEntries(
  Object.keys(WORKERS).map((name) => [name, { ms: [], longest: [], records: 0, memory: 0 }]),
);
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, source] of Object.entries(WORKERS)) {
      const page = await browser.newPage();
      page.on('console', (message) => {
        const [what, bytes] = message.text().split(' ');
        if (what === 'memory') found[name].memory = Math.max(found[name].memory, Number(bytes));
      });
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      await page.setInputFiles('input', file);
      const one = await page.evaluate(async (source) => {
        let longest = 0;
        new PerformanceObserver((list) =>
          list.getEntries().forEach((task) => (longest = Math.max(longest, task.duration))),
        ).observe({ type: 'longtask' });
        const absolute = source.replaceAll("'/", `'${location.origin}/`);
        const worker = new Worker(
          URL.createObjectURL(new Blob([absolute], { type: 'text/javascript' })),
        );
        const next = () =>
          new Promise((resolve, reject) => {
            worker.onmessage = ({ data }) => resolve(data);
            worker.onerror = (error) => reject(new Error(error.message));
          });
        await next();
        const began = performance.now();
        worker.postMessage(document.querySelector('input').files[0]);
        const records = await next();
        const ms = performance.now() - began;
        await new Promise((resolve) => setTimeout(resolve, 100));
        worker.terminate();
        return { records, ms, longest };
      }, source);
      found[name].ms.push(one.ms);
      found[name].longest.push(one.longest);
      found[name].records = one.records;
      await page.close();
    }
  }
} finally {
  await browser.close();
  server.close();
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const bytes = readFileSync(file).length;
const papa = median(found['PapaParse in a worker, step'].ms);
const udsv = median(found['uDSV in a worker, stream'].ms);
console.log(`${bytes} bytes, ${ROUNDS} rounds; medians`);
console.log(
  `${''.padEnd(30)}${'ms'.padStart(7)}${'least'.padStart(7)}${'most'.padStart(7)}${'MB/s'.padStart(6)}${'of Papa'.padStart(9)}${'of uDSV'.padStart(9)}${'longest task'.padStart(14)}`,
);
for (const [name, { ms, longest, records, memory }] of Object.entries(found)) {
  const middle = median(ms);
  const ratio = (other) => (middle / other).toFixed(2).padStart(9);
  const cells = [middle, Math.min(...ms), Math.max(...ms)]
    .map((value) => value.toFixed(0).padStart(7))
    .join('');
  const wasm = memory ? `  wasm memory ${(memory / 1048576).toFixed(0)} MiB` : '';
  console.log(
    `${name.padEnd(30)}${cells}${(bytes / 1000 / middle).toFixed(0).padStart(6)}${ratio(papa)}${ratio(udsv)}${Math.max(
      ...longest,
    )
      .toFixed(0)
      .padStart(14)}  ${records} records${wasm}`,
  );
}
