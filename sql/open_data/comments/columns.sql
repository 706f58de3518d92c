-- What each column holds.
comment on column open_data.dataset.code is 'Code: name of the view and of the files.';
comment on column open_data.dataset.position is 'Place in lists.';
comment on column open_data.dataset.name_uk is 'Name in Ukrainian.';
comment on column open_data.dataset.name_en is 'Name in English.';
comment on column open_data.dataset.about_uk is 'What it holds, in Ukrainian.';
comment on column open_data.dataset.about_en is 'What it holds, in English.';
comment on column open_data.field.dataset is 'Of which dataset.';
comment on column open_data.field.position is 'Place in files.';
comment on column open_data.field.name is 'Name in files; column of the view.';
comment on column open_data.field.type is 'Type by Frictionless Table Schema.';
comment on column open_data.field.about_uk is 'Meaning in Ukrainian.';
comment on column open_data.field.about_en is 'Meaning in English.';
