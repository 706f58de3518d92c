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
