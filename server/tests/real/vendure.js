// Vendure, by its own packages: `seed` fills a new database with products, `serve` serves it, `orders` lets twelve customers buy and prints what they
// bought, `change` renames a customer, adds one and sets a price.
const fs = require('node:fs');
const path = require('node:path');

const directory = process.env.DIRECTORY;
const port = Number(process.env.PORT);

function config() {
  const { DefaultJobQueuePlugin, DefaultLogger, DefaultSearchPlugin, LogLevel, dummyPaymentHandler } = require('@vendure/core');
  return {
    apiOptions: { hostname: '127.0.0.1', port, adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
    authOptions: {
      tokenMethod: ['bearer'],
      superadminCredentials: { identifier: 'superadmin', password: 'superadmin' },
      cookieOptions: { secret: 'of a test' },
    },
    dbConnectionOptions: { type: 'better-sqlite3', synchronize: true, database: path.join(directory, 'vendure.sqlite') },
    paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
    customFields: {},
    logger: new DefaultLogger({ level: LogLevel.Error }),
    plugins: [DefaultJobQueuePlugin, DefaultSearchPlugin.init({})],
  };
}

const PRODUCTS = `name,slug,description,assets,facets,optionGroups,optionValues,sku,price,taxCategory,stockOnHand,trackInventory,variantAssets,variantFacets
Notebook,notebook,x,,,,,NB1,4500.00,standard,100,false,,
Mouse,mouse,x,,,,,MS1,90.50,standard,100,false,,
Teclado,teclado,x,,,,,TC1,249.90,standard,100,false,,
`;

const SHOP = {
  defaultLanguage: 'pt_BR',
  defaultZone: 'Americas',
  countries: [{ name: 'Brasil', code: 'BR', zone: 'Americas' }],
  taxRates: [{ name: 'Standard', percentage: 0 }],
  shippingMethods: [{ name: 'Padrao', price: 500 }],
  paymentMethods: [
    { name: 'Pagamento', handler: { code: 'dummy-payment-handler', arguments: [{ name: 'automaticSettle', value: 'true' }] } },
  ],
  collections: [],
  roles: [],
};

async function seed() {
  const { bootstrap } = require('@vendure/core');
  const { populate } = require('@vendure/core/cli');
  const products = path.join(directory, 'products.csv');
  fs.writeFileSync(products, PRODUCTS);
  const app = await populate(() => bootstrap(config()), SHOP, products);
  await app.close();
}

function serve() {
  return require('@vendure/core').bootstrap(config());
}

/** Somebody who asks an API; the session stays. */
function client(api) {
  let token = '';
  return async (query, variables = {}) => {
    const answer = await fetch(`http://127.0.0.1:${port}/${api}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    });
    token = answer.headers.get('vendure-auth-token') ?? token;
    const { data, errors } = await answer.json();
    const refused = errors ?? Object.values(data).filter((one) => one?.errorCode);
    if (refused.length) throw new Error(JSON.stringify(refused));
    return data;
  };
}

const REFUSED = '... on ErrorResult { errorCode message }';

/** One customer buys so many of one thing. */
async function buy(number, sku, quantity) {
  const shop = client('shop-api');
  const email = `cliente${String(number).padStart(3, '0')}@example.com`;
  const { products } = await shop('{ products { items { variants { id sku } } } }');
  const variant = products.items.flatMap((product) => product.variants).find((one) => one.sku === sku);
  await shop(`mutation ($id: ID!, $quantity: Int!) { addItemToOrder(productVariantId: $id, quantity: $quantity) { ${REFUSED} } }`, {
    id: variant.id,
    quantity,
  });
  await shop(`mutation ($input: CreateCustomerInput!) { setCustomerForOrder(input: $input) { ${REFUSED} } }`, {
    input: { emailAddress: email, firstName: 'Cliente', lastName: String(number).padStart(3, '0'), phoneNumber: `+5511999${String(number).padStart(6, '0')}` },
  });
  await shop(`mutation ($input: CreateAddressInput!) { setOrderShippingAddress(input: $input) { ${REFUSED} } }`, {
    input: { fullName: 'Cliente', streetLine1: 'Rua das Amostras 1', city: 'São Paulo', postalCode: '01310-100', countryCode: 'BR' },
  });
  const { eligibleShippingMethods } = await shop('{ eligibleShippingMethods { id } }');
  await shop(`mutation ($ids: [ID!]!) { setOrderShippingMethod(shippingMethodId: $ids) { ${REFUSED} } }`, { ids: [eligibleShippingMethods[0].id] });
  await shop(`mutation { transitionOrderToState(state: "ArrangingPayment") { ${REFUSED} } }`);
  const { eligiblePaymentMethods } = await shop('{ eligiblePaymentMethods { code } }');
  const { addPaymentToOrder } = await shop(
    `mutation ($input: PaymentInput!) { addPaymentToOrder(input: $input) { ... on Order { code totalWithTax } ${REFUSED} } }`,
    { input: { method: eligiblePaymentMethods[0].code, metadata: {} } },
  );
  return { email, sku, quantity, code: addPaymentToOrder.code, total: addPaymentToOrder.totalWithTax };
}

async function orders() {
  const bought = [];
  for (let number = 0; number < 12; number++) {
    bought.push(await buy(number, ['NB1', 'MS1', 'TC1'][number % 3], 1 + (number % 4)));
  }
  // A cart that nobody has paid is no order.
  const { products } = await client('shop-api')('{ products { items { variants { id } } } }');
  await client('shop-api')(`mutation ($id: ID!) { addItemToOrder(productVariantId: $id, quantity: 1) { ${REFUSED} } }`, {
    id: products.items[0].variants[0].id,
  });
  console.log(JSON.stringify(bought));
}

async function change() {
  const admin = client('admin-api');
  await admin(`mutation { login(username: "superadmin", password: "superadmin") { ${REFUSED} } }`);
  const { customers } = await admin('{ customers(options: { filter: { emailAddress: { eq: "cliente003@example.com" } } }) { items { id } } }');
  await admin(`mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { ${REFUSED} } }`, {
    input: { id: customers.items[0].id, lastName: '003 Silva' },
  });
  await admin(`mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { ${REFUSED} } }`, {
    input: { firstName: 'Cliente', lastName: '090', emailAddress: 'cliente090@example.com' },
  });
  const { productVariants } = await admin('{ productVariants(options: { filter: { sku: { eq: "MS1" } } }) { items { id } } }');
  await admin('mutation ($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { id } }', {
    input: [{ id: productVariants.items[0].id, price: 9900 }],
  });
}

const commands = { seed, serve, orders, change };
const command = process.argv[2];
commands[command]().then(
  () => command === 'serve' || process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
