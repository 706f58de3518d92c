create or replace function api.propose_tax_rate(
  p_action text, p_kind text, p_tax_class text, p_rate_ppm integer, p_base text, p_loss_rule text,
  p_valid_from date, p_valid_until date, p_act text, p_source text, p_reason text
) returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Proposes that a rate holds for a period ("set"; also to correct or to confirm what stands there), or
-- that none does ("end"). p_valid_until is exclusive, null for no end. Nothing takes effect before
-- another official confirms it (api.decide_tax_rate). Returns the number of the proposal.
-- Raises DZR02 where nobody in person proposes, DZR03 with the errors by attribute.
declare
  errors jsonb;
  last_day constant date := coalesce(p_valid_until, 'infinity');
  bases constant text[] := case p_kind
    when 'ggr_tax' then array['ggr'] when 'profit_tax' then array['profit']
    else array['win', 'withdrawal', 'win_or_withdrawal']
  end;
  classes constant text[] := case p_kind
    when 'ggr_tax' then array['slot_machines', 'casino_betting_poker', 'lotteries']
    when 'profit_tax' then array['operator_profit']
    when 'pit' then array['winnings', 'lotteries']
    when 'military_levy' then array['winnings', 'lotteries']
    else array[]::text[]
  end;
  made bigint;
begin
  perform identity.check_permission('tax_rate.propose');
  if registry.own_person() is null then
    raise exception using errcode = 'DZR02', message = 'a person proposes, by name';
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('attribute', e.attribute, 'code', e.code)), '[]')
  into errors
  from (values
    ('action', 'choice', p_action is null or p_action not in ('set', 'end')),
    ('kind', 'choice', cardinality(classes) = 0),
    (
      'tax_class', 'choice',
      cardinality(classes) > 0 and (p_tax_class is null or p_tax_class <> all (classes))),
    (
      'rate', 'range',
      p_action = 'set' and (p_rate_ppm is null or p_rate_ppm not between 0 and 1000000)),
    ('base', 'choice', p_action = 'set' and (p_base is null or p_base <> all (bases))),
    (
      'loss_rule', 'choice',
      p_action = 'set'
      and (p_loss_rule is null or p_loss_rule not in ('floor', 'carry_year', 'none'))),
    (
      'loss_rule', 'not_applicable',
      p_action = 'set' and p_kind <> 'ggr_tax' and p_loss_rule in ('floor', 'carry_year')),
    ('valid_from', 'required', p_valid_from is null),
    (
      'valid_from', 'moment',
      p_valid_from not between '1991-01-01' and '2199-12-31' and p_valid_from > '-infinity'),
    (
      'valid_until', 'moment',
      last_day not between '1991-01-02' and '2200-01-01' and last_day < 'infinity'),
    ('valid_until', 'reversed', p_valid_from >= last_day),
    ('act', 'required', coalesce(btrim(p_act), '') = ''),
    ('source', 'required', coalesce(btrim(p_source), '') = ''),
    ('reason', 'required', coalesce(btrim(p_reason), '') = ''),
    ('act', 'too_long', length(p_act) > 2000),
    ('source', 'too_long', length(p_source) > 2000),
    ('reason', 'too_long', length(p_reason) > 2000),
    (
      'valid_from', 'nothing',
      p_action = 'end' and not exists (
        select from registry.tax_rate as r
        where r.kind = p_kind and r.tax_class = p_tax_class and r.recorded_until = 'infinity'
          and r.valid_from < last_day and r.valid_until > p_valid_from))
  ) as e (attribute, code, wrong)
  where e.wrong;
  if errors <> '[]' then
    raise exception using errcode = 'DZR03', message = 'what is proposed has errors',
      detail = errors::text;
  end if;
  insert into registry.tax_rate_change (
    action, kind, tax_class, rate_ppm, base, loss_rule, valid_from, valid_until, act, source, reason,
    proposed_by, proposed_person
  ) values (
    p_action, p_kind, p_tax_class, case p_action when 'set' then p_rate_ppm end,
    case p_action when 'set' then p_base end, case p_action when 'set' then p_loss_rule end,
    p_valid_from, last_day, btrim(p_act), btrim(p_source), btrim(p_reason),
    coalesce(nullif(current_setting('dozir.actor', true), ''), session_user), registry.own_person()
  ) returning id into made;
  perform registry.enter_decision(null, 'tax_rate_proposed', registry.tax_rate_facts(made));
  return made;
end
$body$;
alter function api.propose_tax_rate(
  text, text, text, integer, text, text, date, date, text, text, text
) owner to dozir_writer;
comment on function api.propose_tax_rate(
  text, text, text, integer, text, text, date, date, text, text, text
) is 'Proposes a rate of tax for a period, or that none holds; another official has to confirm it.';
