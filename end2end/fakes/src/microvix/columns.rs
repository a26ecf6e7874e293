//! The columns of Microvix's methods in the order of its answers.

/// The columns of `LinxClientesFornec`.
pub(super) const CLIENTS: &str = "
    portal cod_cliente razao_cliente nome_cliente doc_cliente tipo_cliente endereco_cliente
    numero_rua_cliente complement_end_cli bairro_cliente cep_cliente cidade_cliente uf_cliente pais
    fone_cliente email_cliente sexo data_cadastro data_nascimento cel_cliente ativo dt_update
    inscricao_estadual incricao_municipal identidade_cliente cartao_fidelidade cod_ibge_municipio
    classe_cliente matricula_conveniado tipo_cadastro empresa_cadastro id_estado_civil fax_cliente
    site_cliente timestamp cliente_anonimo limite_compras codigo_ws limite_credito_compra
    id_classe_fiscal obs mae
";

/// The columns of `LinxMovimento`.
pub(super) const MOVEMENTS: &str = "
    portal cnpj_emp transacao usuario documento chave_nf ecf numero_serie_ecf modelo_nf
    data_documento data_lancamento codigo_cliente serie desc_cfop id_cfop cod_vendedor quantidade
    preco_custo valor_liquido desconto cst_icms cst_pis cst_cofins cst_ipi valor_icms aliquota_icms
    base_icms valor_pis aliquota_pis base_pis valor_cofins aliquota_cofins base_cofins valor_icms_st
    aliquota_icms_st base_icms_st valor_ipi aliquota_ipi base_ipi valor_total forma_dinheiro
    total_dinheiro forma_cheque total_cheque forma_cartao total_cartao forma_crediario
    total_crediario forma_convenio total_convenio frete operacao tipo_transacao cod_produto
    cod_barra cancelado excluido soma_relatorio identificador deposito obs preco_unitario
    hora_lancamento natureza_operacao tabela_preco nome_tabela_preco cod_sefaz_situacao
    desc_sefaz_situacao protocolo_aut_nfe dt_update forma_cheque_prazo total_cheque_prazo
    cod_natureza_operacao preco_tabela_epoca desconto_total_item conferido transacao_pedido_venda
    codigo_modelo_nf acrescimo mob_checkout aliquota_iss base_iss ordem codigo_rotina_origem
    timestamp troco transportador icms_aliquota_desonerado icms_valor_desonerado_item empresa
    desconto_item aliq_iss iss_base_item despesas seguro_total_item acrescimo_total_item
    despesas_total_item forma_pix total_pix forma_deposito_bancario total_deposito_bancario
    id_venda_produto_b2c item_promocional acrescimo_item icms_st_antecipado_aliquota
    icms_st_antecipado_margem icms_st_antecipado_percentual_reducao icms_st_antecipado_valor_item
    icms_base_desonerado_item codigo_status_nfe
";

/// The columns of `LinxProdutos`.
pub(super) const PRODUCTS: &str = "
    portal cod_produto cod_barra nome ncm cest referencia cod_auxiliar unidade desc_cor desc_tamanho
    desc_setor desc_linha desc_marca desc_colecao dt_update cod_fornecedor desativado desc_espessura
    id_espessura desc_classificacao id_classificacao origem_mercadoria peso_liquido peso_bruto
    id_cor id_tamanho id_setor id_linha id_marca id_colecao dt_inclusao timestamp fator_conversao
    codigo_integracao_ws codigo_integracao_reshop id_produtos_opticos_tipo id_sped_tipo_item
    componente altura_para_frete largura_para_frete comprimento_para_frete loja_virtual
    cod_comprador obrigatorio_identificacao_cliente descricao_basica curva
";

/// The columns of `LinxProdutosDetalhes`.
pub(super) const DETAILS: &str = "
    portal cnpj_emp cod_produto cod_barra quantidade preco_custo preco_venda custo_medio
    id_config_tributaria desc_config_tributaria despesas1 qtde_minima qtde_maxima ipi timestamp
    empresa
";

/// The columns of `LinxLojas`.
pub(super) const STORES: &str = "
    portal empresa nome_emp razao_emp cnpj_emp inscricao_emp endereco_emp num_emp complement_emp
    bairro_emp cep_emp cidade_emp estado_emp fone_emp email_emp cod_ibge_municipio data_criacao_emp
    data_criacao_portal sistema_tributacao regime_tributario area_empresa timestamp sigla_empresa
    id_classe_fiscal centro_distribuicao inscricao_municipal_emp cnae_emp cod_cliente_linx
    tabela_preco_preferencial
";

/// The columns of `LinxGrupoLojas`.
pub(super) const GROUP: &str = "
    CNPJ nome_empresa id_empresas_rede rede portal nome_portal empresa classificacao_portal
";
