//! Invented names of people, companies, places and goods.

pub(crate) const FEMALE: [&str; 20] = [
    "Ana",
    "Beatriz",
    "Cecília",
    "Débora",
    "Eloá",
    "Fátima",
    "Graça",
    "Helena",
    "Inês",
    "Júlia",
    "Lívia",
    "Marina",
    "Natália",
    "Olívia",
    "Patrícia",
    "Quitéria",
    "Rosângela",
    "Sônia",
    "Tânia",
    "Verônica",
];

pub(crate) const MALE: [&str; 20] = [
    "André",
    "Bruno",
    "Caíque",
    "Davi",
    "Estêvão",
    "Fábio",
    "Gonçalo",
    "Hélio",
    "Ítalo",
    "João",
    "Luís",
    "Márcio",
    "Nélson",
    "Otávio",
    "Paulo",
    "Régis",
    "Sebastião",
    "Tomé",
    "Ubirajara",
    "Vítor",
];

pub(crate) const LAST: [&str; 40] = [
    "Almeida",
    "Andrade",
    "Araújo",
    "Assunção",
    "Barbosa",
    "Batista",
    "Brandão",
    "Camargo",
    "Cardoso",
    "Conceição",
    "Corrêa",
    "Damião",
    "Esteves",
    "Falcão",
    "Fernandes",
    "Galvão",
    "Gonçalves",
    "Guimarães",
    "Hipólito",
    "Jordão",
    "Leitão",
    "Lourenço",
    "Macêdo",
    "Magalhães",
    "Mourão",
    "Muñoz",
    "Nóbrega",
    "Osório",
    "Paixão",
    "Peçanha",
    "Queirós",
    "Ribeiro",
    "Sá",
    "Sant'Anna",
    "Simões",
    "Tavares",
    "Uchôa",
    "Valença",
    "Vergílio",
    "Ximenes",
];

pub(crate) const TRADES: [&str; 8] = ["Padaria", "Mercearia", "Ótica", "Livraria", "Papelaria", "Armarinho", "Açougue", "Floricultura"];

pub(crate) const STREETS: [&str; 10] = [
    "Rua das Amostras",
    "Avenida São Modelo",
    "Rua do Exemplo",
    "Travessa da Prova",
    "Alameda dos Ensaios",
    "Rua Três Marias Fictícias",
    "Avenida Invenção",
    "Praça do Teste",
    "Rua D'Água Inventada",
    "Estrada da Hipótese",
];

pub(crate) const DISTRICTS: [&str; 6] = ["Centro", "Jardim América", "Vila Nova", "Boa Vista", "São José", "Conceição"];

/// A city: name, state, IBGE code, the first five digits of its postal codes, area code of its phones.
pub(crate) struct City {
    pub(crate) name: &'static str,
    pub(crate) state: &'static str,
    pub(crate) code: &'static str,
    pub(crate) postal: u64,
    pub(crate) area: &'static str,
}

pub(crate) const CITIES: [City; 8] = [
    City { name: "São Paulo", state: "SP", code: "3550308", postal: 1001, area: "11" },
    City { name: "Campinas", state: "SP", code: "3509502", postal: 13_010, area: "19" },
    City { name: "Rio de Janeiro", state: "RJ", code: "3304557", postal: 20_010, area: "21" },
    City { name: "Belo Horizonte", state: "MG", code: "3106200", postal: 30_110, area: "31" },
    City { name: "Curitiba", state: "PR", code: "4106902", postal: 80_010, area: "41" },
    City { name: "Florianópolis", state: "SC", code: "4205407", postal: 88_010, area: "48" },
    City { name: "Goiânia", state: "GO", code: "5208707", postal: 74_010, area: "62" },
    City { name: "Maceió", state: "AL", code: "2704302", postal: 57_010, area: "82" },
];

pub(crate) const GOODS: [&str; 16] = [
    "Suco de laranja",
    "Café torrado",
    "Pão de queijo",
    "Camiseta básica",
    "Calça jeans",
    "Tênis de corrida",
    "Caderno",
    "Caneta azul",
    "Mochila",
    "Óculos de sol",
    "Relógio de parede",
    "Guarda-chuva",
    "Fralda",
    "Sabão líquido",
    "Açúcar mascavo",
    "Cadeira dobrável",
];

pub(crate) const SIZES: [&str; 6] = ["P", "M", "G", "300 ml", "1 kg", "c/ 12"];
