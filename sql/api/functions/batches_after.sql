create or replace function api.batches_after(p_after bigint default 0, p_limit integer default 100)
  returns table (operator_sequence bigint, id bigint, receipt bytea)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
as $body$
-- What has been received from the calling operator after one of its sequence numbers, in order.
begin
  return query
  select b.operator_sequence, b.id, b.receipt
  from api.batch as b
  where b.operator_id = (select nullif(current_setting('dozir.operator_id', true), '')::integer)
    and b.operator_sequence > p_after
  order by b.operator_sequence
  limit least(p_limit, 1001);
end
$body$;
comment on function api.batches_after(bigint, integer) is
  'The calling operator''s batches after a sequence number, with their receipts.';
