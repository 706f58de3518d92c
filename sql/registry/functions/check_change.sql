create or replace function registry.check_change(
  p_kind text, p_action text, p_record_id integer, p_operator_id integer, p_given jsonb,
  out proposed jsonb, out errors jsonb
)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $body$
-- The one validation: of drafts, at submission and again at approval. What is proposed comes back in
-- canonical form, with every error: [{attribute, code, detail?}].
declare
  a registry.attribute;
  k registry.record_kind;
  checked record;
  member record;
  key_name text;
  present jsonb := '{}'::jsonb;
  whole jsonb;
begin
  if p_action = 'create_many' then
    -- What stands in its rows is checked there (registry.check_rows); of itself it says what file it was.
    proposed := p_given;
    errors := '[]';
    return;
  end if;
  select * into strict k from registry.record_kind as r where r.kind = p_kind;
  proposed := '{}';
  errors := '[]';
  if p_record_id is not null then
    select d.document into present from registry.entry as e
    join registry.entry_document as d using (kind, record_id, version)
    where e.kind = p_kind and e.record_id = p_record_id and e.recorded_until = 'infinity';
  end if;
  for member in
    select j.name, t as attribute from jsonb_object_keys(p_given) as j (name)
    left join registry.attribute as t on t.kind = p_kind and t.name = j.name order by 1
  loop
    key_name := member.name;
    a := member.attribute;
    if a.name is null then
      errors := errors || jsonb_build_object('attribute', key_name, 'code', 'unknown');
      continue;
    end if;
    select * into checked from registry.check_value(a, p_given -> key_name, p_operator_id);
    if checked.code is not null then
      proposed := proposed || jsonb_build_object(key_name, p_given -> key_name);
      errors := errors || jsonb_strip_nulls(
        jsonb_build_object('attribute', key_name, 'code', checked.code, 'detail', checked.detail));
      continue;
    end if;
    if (a.editable = 'never' or a.editable = 'create' and p_action <> 'create')
      and checked.value is distinct from present -> key_name then
      errors := errors || jsonb_build_object('attribute', key_name, 'code', 'not_editable');
      continue;
    end if;
    if p_action = 'end' and key_name <> k.until_attribute then
      errors := errors || jsonb_build_object('attribute', key_name, 'code', 'not_editable');
      continue;
    end if;
    proposed := proposed || jsonb_build_object(key_name, checked.value);
  end loop;
  for a in
    select * from registry.attribute as t where t.kind = p_kind and t.required order by t.position
  loop
    if (p_action = 'create' or proposed ? a.name) and coalesce(proposed -> a.name, 'null') = 'null'
      and not exists (
        select from jsonb_array_elements(errors) as j (e) where j.e ->> 'attribute' = a.name
      ) then
      errors := errors || jsonb_build_object('attribute', a.name, 'code', 'required');
    end if;
  end loop;
  if p_action = 'end' and proposed ->> k.until_attribute is null and errors = '[]' then
    errors := errors || jsonb_build_object('attribute', k.until_attribute, 'code', 'required');
  end if;
  if errors = '[]' then
    whole := jsonb_strip_nulls(present || proposed);
    errors := registry.check_record(p_kind, p_action, p_record_id, p_operator_id, whole);
  end if;
end
$body$;
alter function registry.check_change(text, text, integer, integer, jsonb) owner to dozir_writer;
comment on function registry.check_change(text, text, integer, integer, jsonb) is
  'Validates a proposal whole: its canonical form, and its errors by attribute.';
