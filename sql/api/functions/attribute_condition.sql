create or replace function api.attribute_condition(p_name text, p_values text[]) returns text
  language plpgsql immutable security invoker
  set search_path = pg_catalog, pg_temp
as $body$
-- A value may stand in a document as a text, as a number, or as one of several. Null without values.
declare
  one text;
  forms jsonb[] := '{}'::jsonb[];
begin
  foreach one in array p_values loop
    forms := forms || to_jsonb(one) || jsonb_build_array(one);
    if one ~ '^-?[0-9]{1,30}(\.[0-9]{1,30})?$' then
      forms := forms || to_jsonb(one::numeric);
    end if;
  end loop;
  return (
    select '(' || string_agg(format('d.document @> %L', jsonb_build_object(p_name, u.form)), ' or ') || ')'
    from unnest(forms) as u (form));
end
$body$;
comment on function api.attribute_condition(text, text[]) is
  'The condition that an attribute has one of these values, for api.entry_document as d.';
