create or replace function registry.begin_rows(
  p_kind text, p_operator_id integer, p_file text, p_rows jsonb
) returns registry.change
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Begins a draft that proposes many new records: one change, its rows as [{row, proposed}], unchecked.
-- Raises what registry.save_change does; DZR04 where the rows are none.
declare
  made registry.change;
begin
  if jsonb_typeof(p_rows) is distinct from 'array' or jsonb_array_length(p_rows) not between 1 and 5000
    or pg_column_size(p_rows) > 33554432
    or exists (
      select from jsonb_array_elements(p_rows) as j (e)
      where jsonb_typeof(j.e -> 'proposed') is distinct from 'object' or j.e ->> 'row' !~ '^[1-9][0-9]{0,8}$'
        or pg_column_size(j.e) > 65536
    )
    or not (select k.by_file from registry.record_kind as k where k.kind = p_kind) then
    raise exception using errcode = 'DZR04', message = 'from 1 to 5,000 rows of a kind that files may hold';
  end if;
  made := registry.save_change(null, p_kind, 'create_many', null, p_operator_id, jsonb_build_object(
    'file', left(p_file, 200), 'records', jsonb_array_length(p_rows),
    'rows_sha256', registry.text_hash(p_rows::text)), null, null);
  insert into registry.change_row (change_id, row_number, proposed)
  select made.id, (j.e ->> 'row')::integer, j.e -> 'proposed' from jsonb_array_elements(p_rows) as j (e);
  return made;
exception
  when unique_violation then
    raise exception using errcode = 'DZR04', message = 'two rows have the same number';
end
$body$;
alter function registry.begin_rows(text, integer, text, jsonb) owner to dozir_writer;
comment on function registry.begin_rows(text, integer, text, jsonb) is
  'Begins a draft of many new records: see registry.check_rows and registry.step_change.';
