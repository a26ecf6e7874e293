//! The calls of Omie's API and their parameters, from its pages of documentation.

/// A call that Omie has: its endpoint, its name, the name of its parameter's type, and the
/// parameters.
pub(super) struct Call {
    pub(super) endpoint: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) parameters: &'static [&'static str],
}

pub(super) const PAGING: [&str; 9] = [
    "pagina",
    "registros_por_pagina",
    "apenas_importado_api",
    "ordenar_por",
    "filtrar_por_data_de",
    "filtrar_por_data_ate",
    "filtrar_apenas_inclusao",
    "filtrar_apenas_alteracao",
    "ordem_descrescente",
];

pub(super) const CALLS: [Call; 7] = [
    Call {
        endpoint: "geral/clientes/",
        name: "ListarClientes",
        kind: "clientes_list_request",
        parameters: &[
            "filtrar_por_hora_de",
            "filtrar_por_hora_ate",
            "ordem_decrescente",
            "clientesFiltro",
            "clientesPorCodigo",
            "exibir_caracteristicas",
            "exibir_obs",
        ],
    },
    Call {
        endpoint: "geral/clientes/",
        name: "ConsultarCliente",
        kind: "clientes_cadastro_chave",
        parameters: &["codigo_cliente_omie", "codigo_cliente_integracao"],
    },
    Call {
        endpoint: "produtos/pedido/",
        name: "ListarPedidos",
        kind: "pvpListarRequest",
        parameters: &[
            "filtrar_por_hora_de",
            "filtrar_por_hora_ate",
            "filtrar_por_cliente",
            "filtrar_por_vendedor",
            "filtrar_por_projeto",
            "etapa",
            "numero_pedido_de",
            "numero_pedido_ate",
            "apenas_resumo",
            "data_previsao_de",
            "data_previsao_ate",
            "data_faturamento_de",
            "data_faturamento_ate",
            "data_emissao_de",
            "data_emissao_ate",
            "data_cancelamento_de",
            "data_cancelamento_ate",
            "status_pedido",
        ],
    },
    Call {
        endpoint: "produtos/pedido/",
        name: "ConsultarPedido",
        kind: "pvpConsultarRequest",
        parameters: &["codigo_pedido", "codigo_pedido_integracao", "numero_pedido"],
    },
    Call {
        endpoint: "geral/produtos/",
        name: "ListarProdutos",
        kind: "produto_servico_list_request",
        parameters: &[
            "filtrar_por_hora_de",
            "filtrar_por_hora_ate",
            "ordem_decrescente",
            "filtrar_apenas_omiepdv",
            "filtrar_apenas_familia",
            "filtrar_apenas_tipo",
            "filtrar_apenas_descricao",
            "filtrar_apenas_marketplace",
            "filtrar_apenas_pdv",
            "exibir_caracteristicas",
            "exibir_tabelas_preco",
            "caracteristicas",
            "produtosPorCodigo",
            "inativo",
            "ncm",
            "ean",
            "exibir_obs",
            "exibir_kit",
            "exibir_info_variacoes",
        ],
    },
    Call {
        endpoint: "geral/produtos/",
        name: "ConsultarProduto",
        kind: "produto_servico_cadastro_chave",
        parameters: &["codigo_produto", "codigo_produto_integracao", "codigo"],
    },
    Call {
        endpoint: "geral/empresas/",
        name: "ListarEmpresas",
        kind: "empresas_list_request",
        parameters: &[],
    },
];
