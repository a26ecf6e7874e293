import { test, visit, drop, checked, importFrom } from '../support/wizard';
const BASE = [
  'Nombre,Celular,Correo,Ciudad,CPF,Nacimiento,Etiquetas',
  'Lía Prado,+55 11 96123-4567,lia@example.com,Campinas,529.982.247-25,03/04/1990,"VIP, Sul"',
  'Bruno Costa,+55 51 99999-9999,bruno@example.com,Toluca,,,',
  'Carla Núñez,+55 51 99999-9999,carla@example.com,Toluca,,,',
  '',
].join('\n');
test('card', async ({ admin: page, server }) => {
  test.setTimeout(180_000);
  await visit(page, server, '/onboarding/file');
  await drop(page, 'clientes.csv', BASE);
  await checked(page);
  await page.screenshot({ path: '/tmp/shots/pair.png', fullPage: true });
  await importFrom(page);
  await visit(page, server, '/contacts');
  await page.screenshot({ path: '/tmp/shots/list.png', fullPage: true });
  await page.getByRole('link', { name: 'Lía Prado' }).click();
  await page.waitForTimeout(700);
  await page.getByRole('button', { name: 'Editar Ciudad' }).click();
  await page.getByRole('textbox', { name: 'Ciudad' }).fill('São Paulo');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(700);
  await page.screenshot({ path: '/tmp/shots/card.png', fullPage: true });
  const url = page.url();
  await page.getByRole('button', { name: 'Editar Teléfono celular' }).click();
  await page.getByRole('textbox', { name: 'Teléfono celular' }).fill('+55 51 99999-9999');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(500);
  await page.screenshot({ path: '/tmp/shots/edit.png', fullPage: true });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 360, height: 780 });
  await page.screenshot({ path: '/tmp/shots/card-phone-dark.png', fullPage: true });
  await page.goto(url);
  await page.waitForTimeout(500);
  await page.getByText('Añadir dato').click();
  await page.getByLabel('Qué dato').selectOption({ label: 'Notas' });
  await page.screenshot({ path: '/tmp/shots/add-phone-dark.png', fullPage: true });
  await page.getByRole('button', { name: 'Mover a la papelera' }).click();
  await page.waitForTimeout(500);
  await page.screenshot({ path: '/tmp/shots/bin-phone-dark.png', fullPage: true });
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  await visit(page, server, '/contacts?new=1');
  await page.getByRole('button', { name: 'Guardar' }).click();
  await page.waitForTimeout(500);
  await page.screenshot({ path: '/tmp/shots/new.png', fullPage: true });
});
