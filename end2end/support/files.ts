import { writeFileSync } from 'node:fs';

/** Deterministic random numbers (mulberry32), so that every run makes the same file. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const FIRST = [
  'Ana',
  'João',
  'María',
  'José',
  'Inês',
  'Núria',
  'Raúl',
  'Sofía',
  'Tomás',
  'Zoë',
  'Iñaki',
  'Luísa',
];
const LAST = [
  'Silva',
  'Souza',
  'Muñoz',
  'González',
  'Araújo',
  'Peña',
  'Conceição',
  'Ibáñez',
  'Lima',
  'Rocha',
];
const CITIES = ['São Paulo', 'Porto Alegre', 'Bogotá', 'Ciudad de México', 'Asunción', 'Córdoba'];

export interface Person {
  phone: string;
  email: string;
  name: string;
  city: string;
  birth: string;
  note: string;
}

export interface Expected {
  records: number;
  ready: number;
  merged: number;
  rejected: number;
}

/** A person whose Brazilian mobile is valid in form: area 51, nine digits. */
function person(n: number, next: () => number): Person {
  const pick = <T>(list: T[]): T => list[Math.floor(next() * list.length)];
  const day = 1 + Math.floor(next() * 28);
  const month = 1 + Math.floor(next() * 12);
  return {
    phone: `5551${String(990000000 + n)}`,
    email: `persona${n}@example.com`,
    name: `${pick(FIRST)} ${pick(LAST)}`,
    city: pick(CITIES),
    birth: `${String(day).padStart(2, '0')}/${String(month).padStart(2, '0')}/19${60 + Math.floor(next() * 40)}`,
    note: next() < 0.05 ? 'primera línea\r\nsegunda línea' : 'cliente; con "comillas"',
  };
}

/** The writings of one mobile that people use. */
function writing(phone: string, next: () => number): string {
  const area = phone.slice(2, 4);
  const rest = phone.slice(4);
  const ways = [
    phone,
    `+${phone}`,
    `(${area}) ${rest.slice(0, 5)}-${rest.slice(5)}`,
    `${area} ${rest}`,
    `0${area}${rest}`,
  ];
  return ways[Math.floor(next() * ways.length)];
}

/**
 * People with 2 % duplicates (other writings of the same phone) and 3 % bad phones without e-mail:
 * what the ledger must say is known.
 */
export function messy(count: number, seed = 7): { rows: string[][]; expected: Expected } {
  const next = random(seed);
  const rows: string[][] = [];
  const expected = { records: count, ready: 0, merged: 0, rejected: 0 };
  const known: Person[] = [];
  for (let n = 0; n < count; n += 1) {
    const dice = next();
    if (dice < 0.03) {
      rows.push([
        ['123', '99 9', '5,55E+12', '00000000000'][n % 4],
        '',
        `Sin Teléfono ${n}`,
        'São Paulo',
        '',
        '',
      ]);
      expected.rejected += 1;
    } else if (dice < 0.05 && known.length > 0) {
      const same = known[Math.floor(next() * known.length)];
      rows.push([writing(same.phone, next), '', same.name, same.city, same.birth, '']);
      expected.merged += 1;
    } else {
      const one = person(n, next);
      known.push(one);
      rows.push([writing(one.phone, next), one.email, one.name, one.city, one.birth, one.note]);
      expected.ready += 1;
    }
  }
  // A date that proves day/month, whatever the dice say.
  const first = rows.find((row) => row[4] !== '');
  if (first) first[4] = '31/12/1990';
  return { rows, expected };
}

export const HEADER = [
  'Celular',
  'Correo',
  'Nombre',
  'Ciudad',
  'Fecha de nacimiento',
  'Observación',
];

function cell(text: string, delimiter: string): string {
  return text.includes(delimiter) || /["\r\n]/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}

/** The table as text. */
export function csv(rows: string[][], delimiter: string, end = '\r\n'): string {
  return rows.map((row) => row.map((text) => cell(text, delimiter)).join(delimiter) + end).join('');
}

/** Text in Windows-1252, as Excel writes it; every letter used here is Latin-1. */
export function windows1252(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** A file of at least so many bytes: 75 MiB are some 640,000 rows. */
export function large(path: string, bytes: number): { records: number } {
  const next = random(11);
  const parts: Buffer[] = [Buffer.from(csv([HEADER], ','))];
  let size = parts[0].length;
  let records = 0;
  while (true) {
    let block = '';
    for (let n = 0; n < 1000; n += 1) {
      const one = person(records + n, next);
      block += csv(
        [
          [
            writing(one.phone, next),
            one.email,
            one.name,
            one.city,
            one.birth,
            `${one.note} ${'x'.repeat(18)}`,
          ],
        ],
        ',',
      );
    }
    const next1000 = Buffer.from(block);
    if (size + next1000.length > bytes) break;
    parts.push(next1000);
    size += next1000.length;
    records += 1000;
  }
  writeFileSync(path, Buffer.concat(parts));
  return { records };
}
