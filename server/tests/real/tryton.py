"""Seeds a Tryton database through its own client: `seed` makes a company, products, parties and sales and prints the key of its REST API;
`change` renames a party and adds one."""

import sys
from decimal import Decimal

from proteus import Model, Wizard
from proteus import config as proteus

config_file, command = sys.argv[1:3]
config = proteus.set_trytond('shop', config_file=config_file)


def party(number, name):
    one = Model.get('party.party')(name=name)
    for kind, value in [('email', f'cliente{number:03d}@example.com'), ('mobile', f'+5511999{number:06d}')]:
        mechanism = one.contact_mechanisms.new()
        mechanism.type, mechanism.value = kind, value
    one.addresses.new(street=f'Rua das Amostras {number}', city='São Paulo')
    one.save()
    return one


def seed():
    module = Model.get('ir.module')
    module.click([one for one in module.find([('name', 'in', ['sale', 'web_shop'])]) if one.state != 'activated'], 'activate')
    Wizard('ir.module.activate_upgrade').execute('upgrade')
    client = proteus.set_trytond('shop', config_file=config_file)
    from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, get_accounts
    from trytond.modules.account_invoice.tests.tools import create_payment_term, set_fiscalyear_invoice_sequences
    from trytond.modules.company.tests.tools import create_company
    create_company(config=client)
    create_chart(config=client)
    set_fiscalyear_invoice_sequences(create_fiscalyear()).click('create_period')
    accounts = get_accounts()
    category = Model.get('product.category')(name='Goods', accounting=True)
    category.account_expense, category.account_revenue = accounts['expense'], accounts['revenue']
    category.save()
    unit, = Model.get('product.uom').find([('name', '=', 'Unit')])
    products = []
    for name, price in [('Laptop', 1299), ('Mouse', 20), ('Desk', 450)]:
        template = Model.get('product.template')(name=name, default_uom=unit, type='goods', salable=True)
        template.list_price, template.account_category = Decimal(price), category
        template.save()
        products.extend(template.products)
    term = create_payment_term()
    term.save()
    for number in range(12):
        sale = Model.get('sale.sale')(party=party(number, f'Cliente {number:03d}'), payment_term=term)
        line = sale.lines.new(product=products[number % 3])
        line.quantity = float(1 + number % 4)
        sale.save()
        sale.click('quote')
        sale.click('confirm')
    admin, = Model.get('res.user').find([('login', '=', 'admin')])
    application = Model.get('res.user.application')(application='rest', user=admin)
    application.save()
    if application.state != 'validated':
        application.click('validate_')
    print(application.key)


def change():
    Party = Model.get('party.party')
    one, = Party.find([('name', '=', 'Cliente 003')])
    one.name = 'Cliente 003 Silva'
    one.save()
    party(90, 'Cliente 090')


{'seed': seed, 'change': change}[command]()
