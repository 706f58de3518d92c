-- What the columns hold.

comment on column registry.gambling_type.id is 'Number by which licences and rollups name it.';
comment on column registry.gambling_type.code is 'Name on the wire and in addresses.';
comment on column registry.gambling_type.name_uk is 'Name in Ukrainian.';
comment on column registry.gambling_type.name_en is 'Name in English.';

comment on column registry.currency.id is 'ISO 4217 numeric code.';
comment on column registry.currency.code is 'ISO 4217 alphabetic code.';
comment on column registry.currency.minor_digits is
  'Digits after the decimal point; amounts are stored as whole minor units.';

comment on column registry.operator.id is 'Number given here; stands for the object in the ledger.';
comment on column registry.operator.code is
  'Short code of the operator, as officials and addresses use it; never changes.';
comment on column registry.operator.name_uk is 'Name in Ukrainian.';
comment on column registry.operator.name_en is 'Name in English.';
comment on column registry.operator.active_from is 'First moment in force.';
comment on column registry.operator.active_until is
  'First moment no longer in force; infinity while no end is known.';

comment on column registry.operator_version.operator_id is 'Whose it is: registry.operator.';
comment on column registry.operator_version.version is
  'Moves on with each change of anything registered of the operator.';

comment on column registry.licence.id is 'Number given here; stands for the object in the ledger.';
comment on column registry.licence.operator_id is 'Whose it is: registry.operator.';
comment on column registry.licence.number is
  'Number on the licence, as batches name it; never changes.';
comment on column registry.licence.gambling_type_id is 'What it is for: registry.gambling_type.';
comment on column registry.licence.valid_from is 'First moment in force.';
comment on column registry.licence.valid_until is 'First moment no longer in force.';

comment on column registry.licence_suspension.id is 'Number given here.';
comment on column registry.licence_suspension.operator_id is 'Whose it is: registry.operator.';
comment on column registry.licence_suspension.licence_id is 'The licence suspended.';
comment on column registry.licence_suspension.suspended_from is 'First moment of the suspension.';
comment on column registry.licence_suspension.suspended_until is
  'First moment after it; infinity while no end is known.';
comment on column registry.licence_suspension.grounds is 'Why, as the decision says.';
comment on column registry.licence_suspension.withdrawn_at is
  'When it was taken back, before it began; null where it was not.';
comment on column registry.licence_suspension.withdrawal_grounds is 'Why it was taken back.';

comment on column registry.channel.id is 'Number given here; stands for the object in the ledger.';
comment on column registry.channel.operator_id is 'Whose it is: registry.operator.';
comment on column registry.channel.code is
  'The operator''s own code, as its batches name it; never changes.';
comment on column registry.channel.kind is
  'venue, website or mobile_application; what it has besides is in the table of that name.';
comment on column registry.channel.name_uk is 'Name in Ukrainian.';
comment on column registry.channel.name_en is 'Name in English.';
comment on column registry.channel.active_from is 'First moment in force.';
comment on column registry.channel.active_until is
  'First moment no longer in force; infinity while no end is known.';

comment on column registry.venue.channel_id is 'The channel this belongs to.';
comment on column registry.venue.kind is 'Always the same: ties the row to a channel of this kind.';
comment on column registry.venue.operator_id is 'Whose it is: registry.operator.';
comment on column registry.venue.region is 'Region (oblast) or city of special status.';
comment on column registry.venue.address is 'Postal address.';
comment on column registry.venue.latitude is 'Degrees north, WGS 84.';
comment on column registry.venue.longitude is 'Degrees east, WGS 84.';
comment on column registry.venue.opening_hours is 'As registered; empty when not.';

comment on column registry.website.channel_id is 'The channel this belongs to.';
comment on column registry.website.kind is
  'Always the same: ties the row to a channel of this kind.';
comment on column registry.website.operator_id is 'Whose it is: registry.operator.';
comment on column registry.website.domain is 'Domain name in lower case, without www.';

comment on column registry.mobile_application.channel_id is 'The channel this belongs to.';
comment on column registry.mobile_application.kind is
  'Always the same: ties the row to a channel of this kind.';
comment on column registry.mobile_application.operator_id is 'Whose it is: registry.operator.';
comment on column registry.mobile_application.platform is 'android or ios.';
comment on column registry.mobile_application.store_identifier is
  'Identifier in the platform''s store.';

comment on column registry.equipment.id is
  'Number given here; stands for the object in the ledger.';
comment on column registry.equipment.operator_id is 'Whose it is: registry.operator.';
comment on column registry.equipment.code is
  'The operator''s own code, as its batches name it; never changes.';
comment on column registry.equipment.channel_id is 'The venue where it stands.';
comment on column registry.equipment.kind is 'slot_machine, gaming_table or terminal.';
comment on column registry.equipment.model is 'Maker''s name of the model.';
comment on column registry.equipment.serial_number is 'Maker''s serial number.';
comment on column registry.equipment.active_from is 'First moment in force.';
comment on column registry.equipment.active_until is
  'First moment no longer in force; infinity while no end is known.';

comment on column registry.game.id is 'Number given here; stands for the object in the ledger.';
comment on column registry.game.operator_id is 'Whose it is: registry.operator.';
comment on column registry.game.code is
  'The operator''s own code, as its batches name it; never changes.';
comment on column registry.game.title is 'Title shown to players.';
comment on column registry.game.provider is 'Who made the game.';
comment on column registry.game.gambling_type_id is 'What it belongs to: registry.gambling_type.';
comment on column registry.game.active_from is 'First moment in force.';
comment on column registry.game.active_until is
  'First moment no longer in force; infinity while no end is known.';

comment on column registry.access_key.id is 'Number given here; batches and refusals keep it.';
comment on column registry.access_key.operator_id is 'Whose it is: registry.operator.';
comment on column registry.access_key.key_id is
  'The public half of the key, sent with each request.';
comment on column registry.access_key.secret_hmac is
  'HMAC-SHA-256 of the secret half under a pepper that is not in the database.';
comment on column registry.access_key.label is 'What the operator calls it.';
comment on column registry.access_key.mode is 'live, or test: may only have batches checked.';
comment on column registry.access_key.scopes is 'What it may do: submit, read.';
comment on column registry.access_key.created_at is 'When it was made.';
comment on column registry.access_key.expires_at is 'First moment it is refused.';
comment on column registry.access_key.revoked_at is 'When it was revoked; null while it is good.';

comment on column registry.history.id is 'In the order of the changes.';
comment on column registry.history.changed_at is 'When.';
comment on column registry.history.actor is 'Who: the person or system that acted.';
comment on column registry.history.table_name is 'Table of the record.';
comment on column registry.history.record_id is 'Its id in that table.';
comment on column registry.history.operator_id is 'Whose it is: registry.operator.';
comment on column registry.history.operation is 'insert or update.';
comment on column registry.history.before is 'The record before; null for a new one.';
comment on column registry.history.after is 'The record after.';
comment on column registry.access_key.allowed_addresses is
  'Networks from which it may be used; none: from everywhere.';
comment on column registry.access_key.rotated_from is 'The key that it replaces.';
comment on column registry.attribute."position" is 'Order in which it is shown.';
comment on column registry.attribute.choice_list is 'List of choices (registry.choice).';
comment on column registry.attribute.data_type is 'Type of the value.';
comment on column registry.attribute.editable is 'always, create (only at first) or never.';
comment on column registry.attribute.hint_en is 'Hint in English.';
comment on column registry.attribute.hint_uk is 'Hint in Ukrainian.';
comment on column registry.attribute.kind is 'Kind of record (registry.record_kind).';
comment on column registry.attribute.label_en is 'Label in English.';
comment on column registry.attribute.label_uk is 'Label in Ukrainian.';
comment on column registry.attribute.listed is 'Shown in lists.';
comment on column registry.attribute.longest is 'Most characters.';
comment on column registry.attribute.maximum is 'Largest value.';
comment on column registry.attribute.minimum is 'Smallest value.';
comment on column registry.attribute.name is
  'Column of the typed table, and member of the document.';
comment on column registry.attribute.pattern is 'Regular expression that the text must match.';
comment on column registry.attribute.private is
  'Of a person: not in documents, and not for everyone.';
comment on column registry.attribute.reference_kind is 'Kind of record that it refers to by id.';
comment on column registry.attribute.required is 'A record cannot be without it.';
comment on column registry.attribute.searchable is 'Found by search.';
comment on column registry.attribute.step is 'Step of the form.';
comment on column registry.attribute.unit is
  'Unit shown beside the value; ppm is shown as per cent, stakes (millionths) as multiples of the stake.';
comment on column registry.attribute.validator is
  'A rule of its own: check digits, domain and the like.';
comment on column registry.brand.active_from is 'From when it is active.';
comment on column registry.brand.active_until is 'Until when, exclusive; infinity: no end set.';
comment on column registry.brand.code is 'Code, unique within its operator.';
comment on column registry.brand.id is 'Number of the row.';
comment on column registry.brand.name_en is 'Name in English.';
comment on column registry.brand.name_uk is 'Name in Ukrainian.';
comment on column registry.brand.operator_id is 'Whose it is.';
comment on column registry.brand.trademark is 'Certificate of the trade mark.';
comment on column registry.change.action is 'create, amend or end.';
comment on column registry.change.assignee is 'The official who took it.';
comment on column registry.change.base_version is 'Version of the record on which it was made.';
comment on column registry.change.created_at is 'When it was begun.';
comment on column registry.change.decided_at is 'When it was approved, refused or withdrawn.';
comment on column registry.change.errors is 'What was wrong when it was saved.';
comment on column registry.change.id is 'Number of the application or change.';
comment on column registry.change.kind is 'Kind of record (registry.record_kind).';
comment on column registry.change.operator_id is 'Whose it is.';
comment on column registry.change.begun_by is
  'On which side it was begun: a draft is seen on that side alone.';
comment on column registry.change.person_id is
  'Who began it: whose it is while there is no operator.';
comment on column registry.change.proposed is 'What is proposed, by attribute, in canonical form.';
comment on column registry.change.record_id is 'The record; null while there is none.';
comment on column registry.change.salt is
  'Hashed before the document where the log commits to it; nobody reads it.';
comment on column registry.change.state is 'State (registry.workflow_state).';
comment on column registry.change.submitted_at is 'When it was last submitted.';
comment on column registry.change.version is 'Moves with every write; versions count from 1.';
comment on column registry.change.workflow is
  'Whose states these are: changes, or records of one state_by.';
comment on column registry.change_event.action is 'The step.';
comment on column registry.change_event.actor is 'Who did it.';
comment on column registry.change_event.change_id is 'The change that it came from.';
comment on column registry.change_event.from_state is 'State before; null at the beginning.';
comment on column registry.change_event.happened_at is 'When.';
comment on column registry.change_event.id is 'Number of the row.';
comment on column registry.change_event.proposed is
  'What is proposed, by attribute, in canonical form.';
comment on column registry.change_event.reason is 'Why, as whoever acted said.';
comment on column registry.change_event.recipient is 'To whom the change was given, where it was.';
comment on column registry.change_row.change_id is 'The change that proposes it.';
comment on column registry.change_row.errors is
  'What is wrong with it: [{attribute, code, detail}]; null before it is checked.';
comment on column registry.change_row.proposed is 'What it proposes, canonical once it is checked.';
comment on column registry.change_row.record_id is 'The record that it became.';
comment on column registry.change_row.row_number is 'The row of the file.';
comment on column registry.change_event.role is 'In which role.';
comment on column registry.change_event.to_state is 'State after.';
comment on column registry.choice."position" is 'Order in which it is shown.';
comment on column registry.choice.list is 'The list of choices.';
comment on column registry.choice.name_en is 'Name in English.';
comment on column registry.choice.name_uk is 'Name in Ukrainian.';
comment on column registry.choice.value is 'What is stored.';
comment on column registry.entry.actor is 'Who did it.';
comment on column registry.entry.change_id is 'The change that it came from.';
comment on column registry.entry.code is 'Code or number.';
comment on column registry.entry.facet_a is
  'First facet: value of the attribute that the kind names.';
comment on column registry.entry.facet_b is
  'Second facet: value of the attribute that the kind names.';
comment on column registry.entry.kind is 'Kind of record (registry.record_kind).';
comment on column registry.entry.operator_id is 'Whose it is.';
comment on column registry.entry.reason is 'Why, as whoever acted said.';
comment on column registry.entry.record_id is 'Id in the typed table.';
comment on column registry.entry.recorded_from is 'From when the registry said so.';
comment on column registry.entry.recorded_until is 'Until when; infinity: says so now.';
comment on column registry.entry.search_text is 'What search compares, folded.';
comment on column registry.entry.since is 'The attribute that the kind names as its beginning.';
comment on column registry.entry.state is 'State (registry.workflow_state).';
comment on column registry.entry.state_until is 'When time alone will change the state.';
comment on column registry.entry.title_en is 'Title in English.';
comment on column registry.entry.title_uk is 'Title in Ukrainian, in its alphabetical order.';
comment on column registry.entry.until is 'The attribute that the kind names as its end.';
comment on column registry.entry.version is 'Moves with every write; versions count from 1.';
comment on column registry.entry_document.document is 'The record by attribute.';
comment on column registry.entry_document.kind is 'Kind of record (registry.record_kind).';
comment on column registry.entry_document.operator_id is 'Whose it is.';
comment on column registry.entry_document.record_id is 'Id in the typed table.';
comment on column registry.entry_document.version is 'The version of registry.entry that it belongs to.';
comment on column registry.entry_count.facet_a is
  'First facet: value of the attribute that the kind names.';
comment on column registry.entry_count.facet_b is
  'Second facet: value of the attribute that the kind names.';
comment on column registry.entry_count.kind is 'Kind of record (registry.record_kind).';
comment on column registry.entry_count.operator_id is 'Whose it is.';
comment on column registry.entry_count.record_count is 'How many present records.';
comment on column registry.entry_count.state is 'State (registry.workflow_state).';
comment on column registry.operator_count.kind is
  'Kind of record (registry.record_kind), or change.';
comment on column registry.operator_count.operator_id is 'Whose it is.';
comment on column registry.operator_count.record_count is 'How many there are now.';
comment on column registry.operator_count.state is
  'State (registry.workflow_state); of changes: open.';
comment on column registry.equipment.declared_rtp_ppm is
  'Declared return to player, parts per million.';
comment on column registry.equipment.declared_sigma_ppm is
  'Declared standard deviation of payout over stake, in millionths.';
comment on column registry.equipment.manufacturer is 'Who made it.';
comment on column registry.equipment.software_sha256 is
  'SHA-256 of the software, 64 hexadecimal digits.';
comment on column registry.equipment.software_version is 'Version of the software.';
comment on column registry.equipment.state is 'Where it is in its life cycle.';
comment on column registry.equipment_block.blocked_from is 'From when.';
comment on column registry.equipment_block.blocked_until is 'Until when; infinity: not lifted.';
comment on column registry.equipment_block.equipment_id is 'The piece of equipment.';
comment on column registry.equipment_block.grounds is 'Why: the act, order or reason.';
comment on column registry.equipment_block.id is 'Number of the row.';
comment on column registry.equipment_block.lifting_grounds is 'Why it was lifted.';
comment on column registry.equipment_block.lifting_order is 'Number of the order that lifts.';
comment on column registry.equipment_block.operator_id is 'Whose it is.';
comment on column registry.equipment_block.order_number is 'Number of the order that blocks.';
comment on column registry.equipment_place.channel_id is 'The venue.';
comment on column registry.equipment_place.equipment_id is 'The piece of equipment.';
comment on column registry.equipment_place.id is 'Number of the row.';
comment on column registry.equipment_place.operator_id is 'Whose it is.';
comment on column registry.equipment_place.placed_from is 'From when it stood there.';
comment on column registry.equipment_place.placed_until is 'Until when.';
comment on column registry.game.certificate is 'Certificate of conformity.';
comment on column registry.game.software_sha256 is
  'SHA-256 of the software, 64 hexadecimal digits.';
comment on column registry.game.version is 'Version of the game.';
comment on column registry.licence.channel_id is 'The betting point, for a licence of one.';
comment on column registry.licence.equipment_id is 'The machine or table, for a licence of one.';
comment on column registry.licence.licence_kind_id is 'Kind of licence.';
comment on column registry.licence.object_id is
  'The one object, as a number for comparison; 0: none.';
comment on column registry.licence.revocation_grounds is 'Why it was revoked.';
comment on column registry.licence.revoked_at is 'When it was revoked.';
comment on column registry.licence_fee.amount_minor is 'Fee for a year, in minor units.';
comment on column registry.licence_fee.currency is 'Currency (registry.currency).';
comment on column registry.licence_fee.grounds is 'Why: the act, order or reason.';
comment on column registry.licence_fee.id is 'Number of the row.';
comment on column registry.licence_fee.licence_kind_id is 'Kind of licence.';
comment on column registry.licence_fee.valid_from is 'From when it holds.';
comment on column registry.licence_fee.source is 'Where the amount was read; null where nobody said so.';
comment on column registry.licence_fee.set_by is 'Who entered it; null for fees of before this was kept.';
comment on column registry.licence_fee.verified_at is
  'When it was compared with the source; null while nobody has.';
comment on column registry.licence_fee.verified_by is
  'Who, other than who entered it, compared it with the source; null while nobody has.';
comment on column registry.licence_fee.valid_until is
  'Until when, exclusive; infinity: no end set.';
comment on column registry.licence_kind.article_44 is 'One of the eleven of article 44.';
comment on column registry.licence_kind.code is 'Code.';
comment on column registry.licence_kind.gambling_type_id is
  'Type of gambling that it gives transactions; null: none.';
comment on column registry.licence_kind.id is 'Number of the row.';
comment on column registry.licence_kind.name_en is 'Name in English.';
comment on column registry.licence_kind.name_uk is 'Name in Ukrainian.';
comment on column registry.licence_kind.object_kind is
  'Kind of object that each such licence is for; null: for none.';
comment on column registry.licence_kind.term_years is 'Longest term.';
comment on column registry.mobile_application.store_url is 'Link to the store.';
comment on column registry.record_kind."position" is 'Order in which it is shown.';
comment on column registry.record_kind.code_attribute is 'Attribute that is the code.';
comment on column registry.record_kind.detail_table is
  'Table of what a channel of this kind has besides.';
comment on column registry.record_kind.facet_a is 'Attribute of the first facet.';
comment on column registry.record_kind.facet_b is 'Attribute of the second facet.';
comment on column registry.record_kind.by_file is 'Whether many may be proposed at once, from a file.';
comment on column registry.record_kind.kind is 'Name of the kind.';
comment on column registry.record_kind.name_en is 'Name in English.';
comment on column registry.record_kind.name_uk is 'Name in Ukrainian.';
comment on column registry.record_kind.needs_approval is
  'Takes effect only once an official approves.';
comment on column registry.record_kind.plural_en is 'Plural in English.';
comment on column registry.record_kind.plural_uk is 'Plural in Ukrainian.';
comment on column registry.record_kind.proposable is
  'It is registered by changes; else functions of its own make it, and it is only read here.';
comment on column registry.record_kind.proposed_by_operators is 'Operators may propose it.';
comment on column registry.record_kind.since_attribute is 'Attribute with the beginning.';
comment on column registry.record_kind.state_by is 'Which states it has, and how they are found.';
comment on column registry.record_kind.table_name is 'Typed table.';
comment on column registry.record_kind.title_en_attribute is
  'Attribute that is the title in English.';
comment on column registry.record_kind.title_uk_attribute is
  'Attribute that is the title in Ukrainian.';
comment on column registry.record_kind.until_attribute is 'Attribute with the end.';
comment on column registry.representative."position" is 'Position held.';
comment on column registry.representative.active_from is 'From when it is active.';
comment on column registry.representative.active_until is
  'Until when, exclusive; infinity: no end set.';
comment on column registry.representative.code is 'Code, unique within its operator.';
comment on column registry.representative.document is 'Document that gives the powers.';
comment on column registry.representative.email is 'E-mail.';
comment on column registry.representative.id is 'Number of the row.';
comment on column registry.representative.name_en is 'Name in English.';
comment on column registry.representative.name_uk is 'Name in Ukrainian.';
comment on column registry.representative.operator_id is 'Whose it is.';
comment on column registry.representative.phone is 'Telephone.';
comment on column registry.representative.powers is 'What the person may do for the operator.';
comment on column registry.representative.taxpayer_number is 'RNOKPP, ten digits.';
comment on column registry.website.brand_id is 'The brand that it carries.';
comment on column registry.website.domain_unicode is 'The domain as people read it.';
comment on column registry.website.skeleton is 'The domain with letters that look alike made one.';
comment on column registry.workflow_state."position" is 'Order in which it is shown.';
comment on column registry.workflow_state.final is 'Nothing follows.';
comment on column registry.workflow_state.name_en is 'Name in English.';
comment on column registry.workflow_state.name_uk is 'Name in Ukrainian.';
comment on column registry.workflow_state.state is 'State (registry.workflow_state).';
comment on column registry.workflow_state.workflow is
  'Whose states these are: changes, or records of one state_by.';
comment on column registry.workflow_transition.action is 'The step.';
comment on column registry.workflow_transition.from_state is 'State before.';
comment on column registry.workflow_transition.name_en is 'Name in English.';
comment on column registry.workflow_transition.name_uk is 'Name in Ukrainian.';
comment on column registry.workflow_transition.reason_required is 'A reason must be given.';
comment on column registry.workflow_transition.roles is 'Who may take it.';
comment on column registry.workflow_transition.to_state is 'State after.';
comment on column registry.workflow_transition.workflow is
  'Whose states these are: changes, or records of one state_by.';
comment on column registry.tax_class.code is 'Code in calculations.';
comment on column registry.tax_class.position is 'Order in which it is shown.';
comment on column registry.tax_class.name_uk is 'Name in Ukrainian.';
comment on column registry.tax_class.name_en is 'Name in English.';
comment on column registry.tax_class_type.tax_class is 'The class.';
comment on column registry.tax_class_type.gambling_type_id is 'A kind of gambling in it.';
comment on column registry.tax_rate.id is 'Number of the rate.';
comment on column registry.tax_rate.kind is
  'Tax: ggr_tax, profit_tax, pit (personal income tax), military_levy.';
comment on column registry.tax_rate.tax_class is 'What it is for (registry.tax_class).';
comment on column registry.tax_rate.rate_ppm is 'Parts per million of the base: 180000 is 18 %.';
comment on column registry.tax_rate.base is
  'What is taxed: ggr, win, withdrawal, profit; win_or_withdrawal where that is disputed.';
comment on column registry.tax_rate.loss_rule is
  'floor: no less than 0 in each part of a month; carry_year: a loss lessens what follows in '
  'the same year; none: as it is.';
comment on column registry.tax_rate.valid_from is 'First day; -infinity where it is not established.';
comment on column registry.tax_rate.valid_until is 'The day from which it no longer holds.';
comment on column registry.tax_rate.act is 'Act of law that sets it, as far as known.';
comment on column registry.tax_rate.source is 'Where that was found.';
comment on column registry.tax_rate.verified_by is
  'The official who confirmed what another had proposed; null: nobody has.';
comment on column registry.tax_rate.verified_at is 'When that was.';
comment on column registry.tax_rate.change_id is
  'The proposal that made it; null: it was there from the start.';
comment on column registry.tax_rate.recorded_from is 'Since when the records say so.';
comment on column registry.tax_rate.recorded_until is 'Until when they said so; infinity: they do.';
comment on column registry.tax_payment.id is 'Number of the payment.';
comment on column registry.tax_payment.operator_id is 'Who paid (registry.operator).';
comment on column registry.tax_payment.kind is 'ggr_tax, pit or military_levy.';
comment on column registry.tax_payment.month is 'First day of the month that it is for.';
comment on column registry.tax_payment.paid_on is 'The day of payment.';
comment on column registry.tax_payment.amount_minor is 'Amount in kopiykas.';
comment on column registry.tax_payment.document is 'Number of the payment document, of that payer and day.';
comment on column registry.tax_payment.recorded_at is 'When it was recorded.';
comment on column registry.tax_payment.recorded_by is 'The actor who recorded it.';
comment on column registry.tax_payment.recorded_until is 'When it was taken back; infinity: it counts.';
comment on column registry.tax_payment.taken_back_by is 'The actor who took it back.';
comment on column registry.tax_payment.taken_back_reason is 'Why it was taken back.';
comment on column registry.tax_rate_change.kind is
  'Tax: ggr_tax, profit_tax, pit (personal income tax), military_levy.';
comment on column registry.tax_rate_change.tax_class is 'What it is for (registry.tax_class).';
comment on column registry.tax_rate_change.base is
  'What is taxed: ggr, win, withdrawal, profit; win_or_withdrawal where that is disputed.';
comment on column registry.tax_rate_change.valid_from is
  'First day; -infinity where it is not established.';
comment on column registry.tax_rate_change.valid_until is 'The day from which it no longer holds.';
comment on column registry.tax_rate_change.act is 'Act of law that sets it, as far as known.';
comment on column registry.tax_rate_change.source is 'Where that was found.';
comment on column registry.tax_rate_change.id is 'Number of the proposal.';
comment on column registry.tax_rate_change.action is 'set: this rate holds; end: no rate holds.';
comment on column registry.tax_rate_change.rate_ppm is
  'Parts per million of the base; null: no rate is to hold.';
comment on column registry.tax_rate_change.loss_rule is
  'floor: no less than 0 in each part of a month; carry_year: a loss lessens what follows in '
  'the same year; none: as it is.';
comment on column registry.tax_rate_change.reason is 'Why it is proposed.';
comment on column registry.tax_rate_change.state is 'proposed, confirmed, refused or withdrawn.';
comment on column registry.tax_rate_change.proposed_at is 'When it was proposed.';
comment on column registry.tax_rate_change.proposed_by is 'The actor who proposed it.';
comment on column registry.tax_rate_change.proposed_person is 'The person who proposed it.';
comment on column registry.tax_rate_change.decided_at is 'When it was decided.';
comment on column registry.tax_rate_change.decided_by is 'The actor who decided it.';
comment on column registry.tax_rate_change.decided_person is
  'The person who decided it: never the same, but to withdraw.';
comment on column registry.tax_rate_change.decision_reason is 'Why it was decided so.';
comment on column registry.supplier.id is 'Number of the row.';
comment on column registry.supplier.operator_id is 'Of no operator: 0.';
comment on column registry.supplier.code is 'Code of the supplier.';
comment on column registry.supplier.name_uk is 'Name in Ukrainian.';
comment on column registry.supplier.name_en is 'Name in English.';
comment on column registry.supplier.country is 'Country by ISO 3166, two letters.';
comment on column registry.supplier.taxpayer_code is 'EDRPOU; empty for foreign ones.';
comment on column registry.supplier.supplies is 'Software, hardware or both.';
comment on column registry.supplier.licence_number is 'Number of the licence.';
comment on column registry.supplier.valid_from is 'Licensed from.';
comment on column registry.supplier.valid_until is 'Licensed until; exclusive.';
comment on column registry.product.id is 'Number of the row.';
comment on column registry.product.operator_id is 'Of no operator: 0.';
comment on column registry.product.code is 'Code of this version of the product.';
comment on column registry.product.supplier_id is 'Whose it is.';
comment on column registry.product.name is 'Name, as the model of equipment or the title of a game says it.';
comment on column registry.product.version is 'Version.';
comment on column registry.product.product_kind is 'What it is.';
comment on column registry.product.software_sha256 is 'Checksum of the software.';
comment on column registry.product.active_from is 'Licensed from.';
comment on column registry.product.active_until is 'Licensed until; exclusive.';
comment on column registry.certificate.id is 'Number of the row.';
comment on column registry.certificate.operator_id is 'Of no operator: 0.';
comment on column registry.certificate.number is 'Number of the certificate.';
comment on column registry.certificate.product_id is 'Of which version of which product.';
comment on column registry.certificate.issuer is 'Who issued it.';
comment on column registry.certificate.standard is 'By which standard.';
comment on column registry.certificate.software_sha256 is 'Checksum of what was examined.';
comment on column registry.certificate.valid_from is 'Valid from.';
comment on column registry.certificate.valid_until is 'Valid until; exclusive.';
comment on column registry.record_kind.of_operators is 'Each record belongs to an operator; else to nobody.';
comment on column registry.blocked_site.id is 'Number of the row.';
comment on column registry.blocked_site.operator_id is 'Of no operator: 0.';
comment on column registry.blocked_site.address is
  'Canonical domain, or whole address (https) of what has a path.';
comment on column registry.blocked_site.site_kind is 'A value of the list site_kind.';
comment on column registry.blocked_site.mirror_of_id is 'Whose mirror it is; null for all else.';
comment on column registry.blocked_site.order_number is 'Number of the order that blocks it.';
comment on column registry.blocked_site.order_date is 'Date of the order.';
comment on column registry.blocked_site.blocked_from is 'Blocked from.';
comment on column registry.blocked_site.blocked_until is
  'Blocked until, exclusive; infinity while the order stands.';
comment on column registry.provider.id is 'Number of the row.';
comment on column registry.provider.operator_id is 'Of no operator: 0.';
comment on column registry.provider.code is 'Code of the provider.';
comment on column registry.provider.name_uk is 'Name in Ukrainian.';
comment on column registry.provider.name_en is 'Name in English.';
comment on column registry.provider.email is 'Where orders are sent; may be empty.';
comment on column registry.provider.active_from is 'From when it is active.';
comment on column registry.provider.active_until is 'Until when, exclusive; infinity: no end set.';
comment on column registry.connection_deadline.id is 'Number of the row.';
comment on column registry.connection_deadline.step is 'keys, data or equipment: what is to be done by then.';
comment on column registry.connection_deadline.due_on is
  'The last day; null where days after the licence count.';
comment on column registry.connection_deadline.days_after is
  'So many days after a licensee''s first licence; null where one day is for all.';
comment on column registry.connection_deadline.act is 'The act that sets it.';
comment on column registry.connection_deadline.source is 'Where its text is; null while nobody said.';
comment on column registry.connection_deadline.set_at is 'When it was entered.';
comment on column registry.connection_deadline.set_by is 'Who entered it.';
comment on column registry.connection_deadline.verified_at is
  'When a second official compared it with the act.';
comment on column registry.connection_deadline.verified_by is
  'Who compared it; null: nobody has confirmed it.';
comment on column registry.connection_deadline.replaced_at is
  'When another took its place; null while it holds.';

comment on column registry.cash_limit.id is 'Number of the row.';
comment on column registry.cash_limit.kind is
  'large_deposit: from which amount a deposit is large; pass_deposit, pass_stake, pass_withdrawal: of an '
  'account on one day the least that was paid in, the share of it above which stakes and up to which '
  'withdrawals are usual.';
comment on column registry.cash_limit.valid_from is
  'First day on which it holds, until the next of its kind.';
comment on column registry.cash_limit.value is
  'Kopiykas, or millionths of a share; null: none holds from then on.';
comment on column registry.cash_limit.act is 'The act that sets it.';
comment on column registry.cash_limit.source is 'Where its text is; null while nobody said.';
comment on column registry.cash_limit.set_at is 'When it was entered.';
comment on column registry.cash_limit.set_by is 'Who entered it.';
comment on column registry.cash_limit.verified_at is 'When a second official compared it with the act.';
comment on column registry.cash_limit.verified_by is 'Who compared it; null: nobody has confirmed it.';
comment on column registry.cash_limit.replaced_at is 'When another took its place; null while it holds.';
