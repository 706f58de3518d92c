create or replace function ledger.record_checkpoint(
  p_size bigint,
  p_root bytea,
  p_note text,
  p_signed_at timestamptz
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Keeps a checkpoint that was published. Older ones stay at growing distances: one in a minute, after
-- a day one in an hour; and all that a witness or a time-stamping authority has signed.
declare
  newest record;
  before record;
begin
  insert into ledger.checkpoint as c (size, root, note, signed_at)
  values (p_size, p_root, p_note, p_signed_at)
  on conflict (size) do update set note = excluded.note, signed_at = excluded.signed_at
  where c.root = excluded.root;
  if not found then
    raise exception using errcode = 'DZL03', message = 'another root of this size was published';
  end if;
  select c.size, c.signed_at into newest
  from ledger.checkpoint as c where c.size < p_size order by c.size desc limit 1;
  select c.size, c.signed_at into before
  from ledger.checkpoint as c where c.size < newest.size order by c.size desc limit 1;
  if before.signed_at > newest.signed_at - interval '1 minute' then
    delete from ledger.checkpoint as c
    where c.size = newest.size and not ledger.is_vouched_for(c.size);
  elsif before.size is not null then
    delete from ledger.checkpoint as c
    where
      c.signed_at between p_signed_at - interval '26 hours' and p_signed_at - interval '1 day'
      and not ledger.is_vouched_for(c.size)
      and exists (
        select from ledger.checkpoint as p
        where
          p.size < c.size and p.signed_at < c.signed_at
          and date_trunc('hour', p.signed_at) = date_trunc('hour', c.signed_at)
      );
  end if;
end
$body$;
alter function ledger.record_checkpoint(bigint, bytea, text, timestamptz) owner to dozir_writer;
comment on function ledger.record_checkpoint(bigint, bytea, text, timestamptz) is
  'For the sequencer: keeps a published checkpoint, and of older ones fewer and fewer.';
