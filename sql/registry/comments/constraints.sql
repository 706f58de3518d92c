-- Why the rules are there.

comment on constraint ck_gambling_type_id on registry.gambling_type is
  '0 stands for "none" in the ledger.';
comment on constraint uq_gambling_type_code on registry.gambling_type is 'A code names one type.';

comment on constraint ck_currency_id on registry.currency is 'ISO 4217 has three digits.';
comment on constraint ck_currency_code on registry.currency is 'ISO 4217: three capital letters.';
comment on constraint ck_currency_minor_digits on registry.currency is 'ISO 4217 knows no more.';
comment on constraint uq_currency_code on registry.currency is 'A code names one currency.';

comment on constraint ck_operator_id on registry.operator is '0 stands for "none" in the ledger.';
comment on constraint ck_operator_code on registry.operator is
  'Capital letters, digits and hyphens: goes into addresses.';
comment on constraint ck_operator_taxpayer_code on registry.operator is 'EDRPOU: eight digits.';
comment on constraint ck_operator_active on registry.operator is 'A period ends after it begins.';
comment on constraint uq_operator_code on registry.operator is 'A code names one operator.';
comment on constraint uq_operator_taxpayer_code on registry.operator is
  'A legal person is registered once.';

comment on constraint ck_licence_id on registry.licence is '0 stands for "none" in the ledger.';
comment on constraint ck_licence_number on registry.licence is
  'Not empty, and of a length that a batch may name.';
comment on constraint ck_licence_valid on registry.licence is 'A period ends after it begins.';
comment on constraint uq_licence_number on registry.licence is 'A number names one licence.';

comment on constraint ck_licence_suspension_withdrawn on registry.licence_suspension is
  'Taken back with grounds, and only before it begins.';
comment on constraint ck_licence_suspension_period on registry.licence_suspension is
  'A period ends after it begins.';

comment on constraint ck_channel_id on registry.channel is '0 stands for "none" in the ledger.';
comment on constraint ck_channel_code on registry.channel is
  'Visible characters, as the wire format allows.';
comment on constraint ck_channel_kind on registry.channel is
  'The kinds that have a table of their own.';
comment on constraint ck_channel_active on registry.channel is 'A period ends after it begins.';
comment on constraint uq_channel_code on registry.channel is
  'A code names one channel of an operator.';
comment on constraint uq_channel_kind on registry.channel is
  'Lets the tables of the kinds refer to a channel of their kind.';

comment on constraint ck_venue_kind on registry.venue is 'Venues belong to channels of this kind.';
comment on constraint ck_venue_latitude on registry.venue is 'Degrees.';
comment on constraint ck_venue_longitude on registry.venue is 'Degrees.';
comment on constraint fk_venue_channel on registry.venue is
  'Its channel, which must be of this kind.';

comment on constraint ck_website_kind on registry.website is
  'Websites belong to channels of this kind.';
comment on constraint ck_website_domain on registry.website is 'A domain name in lower case.';
comment on constraint fk_website_channel on registry.website is
  'Its channel, which must be of this kind.';

comment on constraint ck_mobile_application_kind on registry.mobile_application is
  'Applications belong to channels of this kind.';
comment on constraint ck_mobile_application_platform on registry.mobile_application is
  'The platforms there are.';
comment on constraint fk_mobile_application_channel on registry.mobile_application is
  'Its channel, which must be of this kind.';

comment on constraint ck_equipment_id on registry.equipment is '0 stands for "none" in the ledger.';
comment on constraint ck_equipment_code on registry.equipment is
  'Visible characters, as the wire format allows.';
comment on constraint ck_equipment_kind on registry.equipment is 'The kinds that are registered.';
comment on constraint ck_equipment_active on registry.equipment is 'A period ends after it begins.';
comment on constraint uq_equipment_code on registry.equipment is
  'A code names one piece of equipment of an operator.';

comment on constraint ck_game_id on registry.game is '0 stands for "none" in the ledger.';
comment on constraint ck_game_code on registry.game is
  'Visible characters, as the wire format allows.';
comment on constraint ck_game_declared_rtp on registry.game is
  'Between nothing and twice the stake; more is a mistake of units.';
comment on constraint ck_game_declared_sigma on registry.game is 'A game of chance varies.';
comment on constraint ck_game_active on registry.game is 'A period ends after it begins.';
comment on constraint uq_game_code on registry.game is 'A code names one game of an operator.';

comment on constraint ck_access_key_id on registry.access_key is
  '0 stands for "none" in the ledger.';
comment on constraint ck_access_key_key_id on registry.access_key is 'Twelve letters and digits.';
comment on constraint ck_access_key_secret_hmac on registry.access_key is 'SHA-256 has 32 bytes.';
comment on constraint ck_access_key_mode on registry.access_key is 'The modes there are.';
comment on constraint ck_access_key_scopes on registry.access_key is 'The scopes there are.';
comment on constraint uq_access_key_key_id on registry.access_key is 'A public half names one key.';

comment on constraint ck_history_operation on registry.history is 'Records are never deleted.';
comment on constraint ck_access_key_row_limit on registry.access_key is
  'Rows: a rate and a burst, or the defaults; a burst holds at least a second of the rate.';
comment on constraint ck_access_key_byte_limit on registry.access_key is
  'Bytes: a rate and a burst, or the defaults; a burst holds at least a second of the rate.';
comment on constraint ck_key_limit_rows on registry.key_limit is
  'The burst holds a full batch and at least a second of the rate.';
comment on constraint ck_key_limit_bytes on registry.key_limit is
  'The burst holds a full body and at least a second of the rate.';
comment on constraint ck_key_limit_singleton on registry.key_limit is 'There is one row.';
comment on constraint ck_attribute_choice_list on registry.attribute is
  'Choices have a list, nothing else has.';
comment on constraint ck_attribute_data_type on registry.attribute is
  'Types that forms and checks know.';
comment on constraint ck_attribute_editable on registry.attribute is 'When it may be edited.';
comment on constraint ck_attribute_name on registry.attribute is 'A name of a column.';
comment on constraint ck_attribute_reference on registry.attribute is
  'References name a kind, nothing else does.';
comment on constraint ck_attribute_secret on registry.attribute is
  'What a secret could be tried against is in no list, history or file.';
comment on constraint ck_attribute_validator on registry.attribute is 'Rules that there are.';
comment on constraint ck_brand_active on registry.brand is 'Begins before it ends.';
comment on constraint ck_brand_code on registry.brand is 'Printable, at most 64 characters.';
comment on constraint ck_brand_id on registry.brand is '0 stands for none.';
comment on constraint ck_change_action on registry.change is 'What a change can be.';
comment on constraint ck_change_base on registry.change is 'What there is already has a version.';
comment on constraint ck_change_record on registry.change is 'What there is already has an id.';
comment on constraint ck_change_row_number on registry.change_row is 'Rows are counted from 1.';
comment on constraint ck_change_row_record on registry.change_row is
  'What has become a record had no errors.';
comment on constraint ck_change_whose on registry.change is 'Belongs to an operator or a person.';
comment on constraint ck_change_workflow on registry.change is 'Changes have this workflow.';
comment on constraint ck_equipment_block_lifting on registry.equipment_block is
  'An end has its order and grounds.';
comment on constraint ck_equipment_block_period on registry.equipment_block is
  'Begins before it ends.';
comment on constraint ck_equipment_declared_rtp on registry.equipment is
  'Between nothing and double the stake.';
comment on constraint ck_equipment_declared_sigma on registry.equipment is
  'A deviation is positive.';
comment on constraint ck_equipment_place on registry.equipment is
  'What is only registered stands nowhere.';
comment on constraint ck_equipment_place_period on registry.equipment_place is
  'Begins before it ends.';
comment on constraint ck_equipment_software_sha256 on registry.equipment is
  'A SHA-256 in hexadecimal.';
comment on constraint ck_game_software_sha256 on registry.game is 'A SHA-256 in hexadecimal.';
comment on constraint ck_licence_fee_amount on registry.licence_fee is 'A fee is positive.';
comment on constraint ck_licence_fee_valid on registry.licence_fee is 'Begins before it ends.';
comment on constraint ck_licence_fee_verified on registry.licence_fee is
  'Compared with a source, and by another than who entered it.';
comment on constraint ck_licence_kind_id on registry.licence_kind is '0 stands for none.';
comment on constraint ck_licence_kind_object on registry.licence_kind is
  'Kinds of object that a licence can be for.';
comment on constraint ck_licence_kind_term on registry.licence_kind is 'A term in years.';
comment on constraint ck_licence_object on registry.licence is 'One object at most.';
comment on constraint ck_licence_revoked on registry.licence is
  'Revoked within its term, with grounds.';
comment on constraint ck_mobile_application_store_url on registry.mobile_application is
  'An https address.';
comment on constraint ck_record_kind_kind on registry.record_kind is 'A plain name.';
comment on constraint ck_record_kind_proposable on registry.record_kind is
  'What nobody proposes no operator does.';
comment on constraint ck_record_kind_state_by on registry.record_kind is 'Ways to find a state.';
comment on constraint ck_representative_active on registry.representative is
  'Begins before it ends.';
comment on constraint ck_representative_code on registry.representative is
  'Printable, at most 64 characters.';
comment on constraint ck_representative_id on registry.representative is '0 stands for none.';
comment on constraint ck_representative_powers on registry.representative is
  'Powers that there are, at least one.';
comment on constraint ck_representative_taxpayer_number on registry.representative is 'Ten digits.';
comment on constraint fk_change_state on registry.change is 'A state of changes.';
comment on constraint fk_licence_type on registry.licence is
  'The type of gambling is that of its kind.';
comment on constraint fk_website_brand on registry.website is 'A brand of the same operator.';
comment on constraint fk_workflow_transition_from on registry.workflow_transition is
  'Begins in a state.';
comment on constraint fk_workflow_transition_to on registry.workflow_transition is
  'Ends in a state.';
comment on constraint uq_brand_code on registry.brand is 'One code, one brand of an operator.';
comment on constraint uq_brand_operator on registry.brand is
  'For references that carry the operator.';
comment on constraint uq_licence_kind_code on registry.licence_kind is 'One code, one kind.';
comment on constraint uq_licence_kind_type on registry.licence_kind is
  'For references that carry the type.';
comment on constraint uq_representative_code on registry.representative is
  'One code, one representative of an operator.';
comment on constraint ck_change_begun_by on registry.change is 'Who can begin a change.';
comment on constraint ck_tax_class_code on registry.tax_class is 'A plain name.';
comment on constraint ck_tax_rate_kind on registry.tax_rate is 'Taxes that there are.';
comment on constraint ck_tax_rate_rate on registry.tax_rate is 'From 0 to 100 %.';
comment on constraint ck_tax_rate_base on registry.tax_rate is 'Bases that there are.';
comment on constraint ck_tax_rate_loss_rule on registry.tax_rate is 'Rules that there are.';
comment on constraint ck_tax_rate_valid on registry.tax_rate is 'Begins before it ends.';
comment on constraint ck_tax_rate_recorded on registry.tax_rate is 'Recorded before it was replaced.';
comment on constraint ck_tax_rate_verified on registry.tax_rate is 'By whom and when, or neither.';
comment on constraint ck_tax_rate_change_action on registry.tax_rate_change is 'Sets or ends.';
comment on constraint ck_tax_rate_change_kind on registry.tax_rate_change is 'Taxes that there are.';
comment on constraint ck_tax_rate_change_rate on registry.tax_rate_change is 'From 0 to 100 %.';
comment on constraint ck_tax_rate_change_base on registry.tax_rate_change is 'Bases that there are.';
comment on constraint ck_tax_rate_change_loss_rule on registry.tax_rate_change is 'Rules that there are.';
comment on constraint ck_tax_rate_change_valid on registry.tax_rate_change is 'Begins before it ends.';
comment on constraint ck_tax_rate_change_whole on registry.tax_rate_change is
  'Who sets a rate says the rate, its base and its rule.';
comment on constraint ck_tax_rate_change_state on registry.tax_rate_change is 'States that there are.';
comment on constraint ck_tax_rate_change_decided on registry.tax_rate_change is
  'Decided by somebody, or not at all.';
comment on constraint ck_tax_rate_change_four_eyes on registry.tax_rate_change is
  'Whoever proposed it alone withdraws it, and another decides it.';
comment on constraint ck_supplier_id on registry.supplier is '0 stands for none.';
comment on constraint ck_supplier_operator on registry.supplier is 'Belongs to no operator.';
comment on constraint ck_supplier_valid on registry.supplier is 'Begins before it ends.';
comment on constraint ck_product_id on registry.product is '0 stands for none.';
comment on constraint ck_product_operator on registry.product is 'Belongs to no operator.';
comment on constraint ck_product_software_sha256 on registry.product is 'A SHA-256 in hexadecimal.';
comment on constraint ck_product_active on registry.product is 'Begins before it ends.';
comment on constraint ck_certificate_id on registry.certificate is '0 stands for none.';
comment on constraint ck_certificate_operator on registry.certificate is 'Belongs to no operator.';
comment on constraint ck_certificate_software_sha256 on registry.certificate is 'A SHA-256 in hexadecimal.';
comment on constraint ck_certificate_valid on registry.certificate is 'Begins before it ends.';
comment on constraint uq_supplier_code on registry.supplier is 'A code is one supplier''s.';
comment on constraint uq_product_code on registry.product is 'A code is one product''s.';
comment on constraint uq_product_version on registry.product is 'A version of a product is registered once.';
comment on constraint uq_certificate_number on registry.certificate is 'A number is one certificate''s.';
comment on constraint ck_record_kind_of_operators on registry.record_kind is
  'Operators propose their own records alone.';
comment on constraint uq_blocked_site_address on registry.blocked_site is
  'An address is registered once; a lifted order is put in force again by its end.';
comment on constraint ck_blocked_site_id on registry.blocked_site is '0 stands for none.';
comment on constraint ck_blocked_site_operator on registry.blocked_site is 'Belongs to no operator.';
comment on constraint ck_blocked_site_blocked on registry.blocked_site is 'Begins before it ends.';
comment on constraint uq_provider_code on registry.provider is 'A code is one provider''s.';
comment on constraint ck_provider_id on registry.provider is '0 stands for none.';
comment on constraint ck_provider_operator on registry.provider is 'Belongs to no operator.';
comment on constraint ck_provider_active on registry.provider is 'Begins before it ends.';
comment on constraint ck_connection_deadline_step on registry.connection_deadline is
  'The steps that have one.';
comment on constraint ck_connection_deadline_when on registry.connection_deadline is
  'A day or a number of days.';
comment on constraint ck_connection_deadline_days on registry.connection_deadline is 'Up to ten years.';
comment on constraint ck_connection_deadline_due on registry.connection_deadline is 'A day of this time.';
comment on constraint ck_connection_deadline_verified on registry.connection_deadline is
  'Who verified, and when, are told together.';
comment on constraint ck_cash_limit_kind on registry.cash_limit is 'What is counted apart.';
comment on constraint ck_cash_limit_valid_from on registry.cash_limit is 'A day of this time.';
comment on constraint ck_cash_limit_value on registry.cash_limit is
  'An amount, or a share up to a hundredfold.';
comment on constraint ck_cash_limit_verified on registry.cash_limit is
  'Who verified, and when, are told together.';
comment on constraint ck_tax_payment_kind on registry.tax_payment is 'A tax that is estimated, too.';
comment on constraint ck_tax_payment_month on registry.tax_payment is 'A month is named by its first day.';
comment on constraint ck_tax_payment_days on registry.tax_payment is 'No absurd years.';
comment on constraint ck_tax_payment_amount on registry.tax_payment is
  'A kopiyka or more, and no more than sums of a market can hold.';
comment on constraint ck_tax_payment_document on registry.tax_payment is
  'No more than 60 characters, no space at the ends.';
comment on constraint ck_tax_payment_recorded on registry.tax_payment is 'Taken back after it was recorded.';
comment on constraint ck_tax_payment_taken_back on registry.tax_payment is
  'Who takes a payment back is named, and says why.';
