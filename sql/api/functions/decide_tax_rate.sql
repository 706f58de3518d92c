create or replace function api.decide_tax_rate(
  p_change_id bigint, p_decision text, p_reason text default null, p_newest_rate bigint default null
) returns text
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Confirms or refuses what another official proposed, or withdraws what one proposed oneself. What is
-- confirmed takes the place of whatever stood in that period, in this transaction; what stood stays in
-- the records. p_newest_rate is the newest rate of that tax and class that the official has seen.
-- Raises DZR01 (no such proposal), DZR02 (nobody in person), DZW01 (decided already; DETAIL: its state),
-- DZW03 (rates have changed since), DZW04 (a refusal says why), DZW05 (not by this official).
declare
  made registry.tax_rate_change;
  stood registry.tax_rate;
  me constant integer := registry.own_person();
  actor constant text := coalesce(nullif(current_setting('dozir.actor', true), ''), session_user);
  why constant text := nullif(btrim(p_reason), '');
begin
  perform identity.check_permission('tax_rate.decide');
  if me is null then
    raise exception using errcode = 'DZR02', message = 'a person decides, by name';
  elsif p_decision is null or p_decision not in ('confirm', 'refuse', 'withdraw') then
    raise exception using errcode = 'DZR04', message = 'unknown decision';
  end if;
  -- One decision on rates at a time: each sees what the one before has made of them.
  perform pg_advisory_xact_lock(hashtextextended('tax_rate', 7));
  select * into made from registry.tax_rate_change as c where c.id = p_change_id for update;
  if not found then
    raise exception using errcode = 'DZR01', message = 'no such proposal';
  elsif made.state <> 'proposed' then
    raise exception using errcode = 'DZW01', message = 'it is decided already',
      detail = jsonb_build_object('state', made.state)::text;
  elsif (p_decision = 'withdraw') <> (made.proposed_person = me) then
    raise exception using errcode = 'DZW05',
      message = 'another official decides than the one who proposed, who alone withdraws';
  elsif p_decision = 'refuse' and why is null then
    raise exception using errcode = 'DZW04', message = 'a refusal says why';
  elsif p_decision = 'confirm' and p_newest_rate is distinct from (
    select max(r.id) from registry.tax_rate as r
    where r.kind = made.kind and r.tax_class = made.tax_class
  ) then
    raise exception using errcode = 'DZW03', message = 'the rates have changed since';
  end if;
  update registry.tax_rate_change as c
  set state = case p_decision
      when 'confirm' then 'confirmed' when 'refuse' then 'refused' else 'withdrawn' end,
    decided_at = transaction_timestamp(), decided_by = actor, decided_person = me,
    decision_reason = why
  where c.id = made.id
  returning * into made;
  if p_decision = 'confirm' then
    for stood in
      update registry.tax_rate as r set recorded_until = transaction_timestamp()
      where r.kind = made.kind and r.tax_class = made.tax_class and r.recorded_until = 'infinity'
        and r.valid_from < made.valid_until and r.valid_until > made.valid_from
      returning r.*
    loop
      -- What of it lies before and after goes on as it was.
      insert into registry.tax_rate (
        kind, tax_class, rate_ppm, base, loss_rule, valid_from, valid_until, act, source,
        verified_by, verified_at, change_id
      )
      select
        stood.kind, stood.tax_class, stood.rate_ppm, stood.base, stood.loss_rule, p.since, p.until,
        stood.act, stood.source, stood.verified_by, stood.verified_at, made.id
      from (values
        (stood.valid_from, made.valid_from), (made.valid_until, stood.valid_until)
      ) as p (since, until)
      where p.since < p.until;
    end loop;
    if made.action = 'set' then
      insert into registry.tax_rate (
        kind, tax_class, rate_ppm, base, loss_rule, valid_from, valid_until, act, source,
        verified_by, verified_at, change_id
      ) values (
        made.kind, made.tax_class, made.rate_ppm, made.base, made.loss_rule, made.valid_from,
        made.valid_until, made.act, made.source, actor, transaction_timestamp(), made.id
      );
    end if;
  end if;
  perform registry.enter_decision(
    null, 'tax_rate_' || made.state, registry.tax_rate_facts(made.id));
  return made.state;
end
$body$;
alter function api.decide_tax_rate(bigint, text, text, bigint) owner to dozir_writer;
comment on function api.decide_tax_rate(bigint, text, text, bigint) is
  'Confirms or refuses a rate that another official proposed, or withdraws one''s own proposal.';
