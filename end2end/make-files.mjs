// Sample files for `cargo xtask run --demo`: node end2end/make-files.mjs DIRECTORY
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = process.argv[2];
mkdirSync(directory, { recursive: true });
const rows = [['Celular', 'Correo', 'Nombre', 'Ciudad', 'Nacimiento']];
for (let n = 0; n < 500; n += 1) {
  const digits = String(990000000 + n);
  const phone = [`5551${digits}`, `(51) ${digits.slice(0, 5)}-${digits.slice(5)}`, `51 ${digits}`][
    n % 3
  ];
  rows.push([
    n % 40 === 7 ? '5,55E+12' : phone,
    n % 5 === 0 ? '' : `cliente${n}@example.com`,
    `Cliente Número ${n}`,
    'São Paulo',
    `${1 + (n % 28)}/${1 + (n % 12)}/19${70 + (n % 30)}`,
  ]);
}
rows.push(['(51) 99000-0001', '', 'Cliente Número 1', 'São Paulo', '']);
writeFileSync(
  join(directory, 'clientes-excel.csv'),
  Buffer.from(rows.map((row) => `${row.join(';')}\r\n`).join(''), 'latin1'),
);
writeFileSync(
  join(directory, 'sin-encabezado.csv'),
  rows
    .slice(1, 50)
    .map((row) => `${row.join(',')}\n`)
    .join(''),
);
