create or replace function api.report_r05(
  p_first date, p_last date, p_by text[] default '{provider}', p_operators integer[] default null,
  p_gambling_types smallint[] default null, p_licences integer[] default null,
  p_channels integer[] default null, p_games integer[] default null,
  p_currency smallint default 980, p_as_of timestamptz default null
) returns table (
    is_total boolean, keys text[], bet_count bigint, net_stake_minor bigint, win_minor bigint,
    declared_rtp_percent numeric, rtp_percent numeric, rtp_difference numeric,
    undeclared_stake_minor bigint, round_count bigint, unit_rtp_percent numeric,
    hit_percent numeric, declared_sigma numeric, observed_sigma numeric, band_points numeric, z_score numeric,
    log_e_low numeric, log_e_high numeric, return_verdict text
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- R05 Return to players, observed from sums of money, beside what is declared of the games. Of several games
-- the declared return is their mean weighted by net stakes, of those alone that declare one; what was
-- staked on others is told apart. Bookmakers and poker between players declare none and are left out. The
-- kind of gambling, the provider and the version are the game's own; games of several operators that name
-- the same provider (title and version) are told together, under the first of them. Places and bands of
-- stakes are counted by round, of closed days alone and as they are now (rollup.round_day): then the
-- total is of closed days, too.
-- Of paid rounds of closed days (rollup.return_day) a round's return is its winnings over its stake, whatever
-- that was. Where their games declare return and spread: the band in which 99 of 100 fair games stand
-- (2.576 standard errors), z, and the evidence that they return less or more than declared (api.log_evidence),
-- which holds however often it is looked at. The verdict is of both sides' mean evidence among the rows of the
-- answer: below or above, where no fair row of all would come to as much with a chance of more than one in a
-- hundred (E >= rows / 0.01), watch where the evidence passes at a share of false ones of one in ten (e-BH:
-- the k strongest, for the largest k whose k-th E >= rows / (0.1 k)), else fair. None of it as of a past moment
-- or by equipment. The parameters are those of every report; see docs/reports.md.
declare
  by_round constant boolean := p_channels is not null or p_by && array['channel', 'stake_band'];
  -- By game in any case, as that is what declares; the other dimensions after it.
  inner_by constant text[] := array['game'] || array(
    select u.name from unnest(p_by) as u (name)
    where u.name not in ('game', 'gambling_type', 'operator', 'provider', 'version'));
  -- Where no game is told, games that declare the same are one: there are few of those a day.
  others constant text[] := array_remove(p_by, 'gambling_type');
  by_register constant boolean := not by_round and cardinality(others) < 2
    and not others && array['game', 'provider', 'version'];
  of_rounds constant boolean := p_as_of is null and not 'equipment' = any (p_by);
  -- What games and their days tell up to now, without equipment.
  played_now constant boolean := p_as_of is null and not p_by && array['hour', 'equipment'];
  flow_by constant text[] :=
    case when by_register then array['declared_rtp', 'game_type'] || others else inner_by[1:3] end;
  -- The months whose paid rounds are read whole: from the first until before the second.
  month_from date := p_first;
  month_until date := p_first;
begin
  perform api.report_check(
    'R05', p_first, p_last, p_by, p_gambling_types, p_licences, p_channels, p_games, p_as_of);
  if of_rounds and not by_round and not 'day' = any (p_by) then
    select m.month_from, m.month_until into month_from, month_until
    from api.whole_months(p_first, p_last, not exists (
      select from api.return_day as r
      where r.day > p_last and r.day < (date_trunc('month', p_last::timestamp) + interval '1 month')::date
    )) as m;
  end if;
  return query
  with makers as (
    select
      g.id, min(g.id) over (partition by g.provider) as provider,
      min(g.id) over (partition by g.provider, g.title, g.version) as version
    from api.game as g
    where p_by && array['provider', 'version']
  ),
  summed_flows as (
    select x.key_1, x.key_2, x.key_3, x.bet_count, x.stake_minor as stake, x.win_minor
    from api.play_flows(p_first, p_last, flow_by, p_operators, p_games, p_currency) as x
    where played_now and not by_round
    union all
    select x.key_1, x.key_2, x.key_3, x.bet_count, x.bet_minor - x.refund_minor, x.win_minor
    from api.report_flows(
      p_first, p_last, flow_by, p_operators, null, null, null, p_games, p_currency, p_as_of) as x
    where not played_now and not by_round and not x.is_total
  ),
  flowed as (
    select x.key_1 as game, x.key_2, x.key_3, -1::bigint as key_4, x.bet_count, x.stake, x.win_minor
    from summed_flows as x
    where not by_register
    union all
    select
      r.game_id,
      case inner_by[2] when 'stake_band' then r.stake_band else api.report_key(
        inner_by[2], r.day, null, r.operator_id, null, null, r.channel_id, null, null, r.game_id, null) end,
      case inner_by[3] when 'stake_band' then r.stake_band else api.report_key(
        inner_by[3], r.day, null, r.operator_id, null, null, r.channel_id, null, null, r.game_id, null) end,
      case inner_by[4] when 'stake_band' then r.stake_band else api.report_key(
        inner_by[4], r.day, null, r.operator_id, null, null, r.channel_id, null, null, r.game_id, null) end,
      sum(r.bet_count)::bigint, sum(r.bet_minor - r.refund_minor)::bigint, sum(r.win_minor)::bigint
    from api.round_day as r
    where by_round and r.day >= p_first and r.day <= p_last and r.currency = p_currency
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_channels is null or r.channel_id = any (p_channels))
      and (p_games is null or r.game_id = any (p_games))
    group by 1, 2, 3, 4
  ),
  played as (
    select x.*, g.operator_id, g.gambling_type_id, g.declared_rtp_ppm, m.provider, m.version
    from flowed as x
    join api.game as g on g.id = x.game
    left join makers as m on m.id = x.game
    union all
    select
      null, x.key_3, -1, -1, x.bet_count, x.stake, x.win_minor, x.key_3, x.key_2, nullif(x.key_1, -1), null, null
    from summed_flows as x
    where by_register
  ),
  keyed as (
    select
      case p_by[1] when 'game' then p.game when 'gambling_type' then p.gambling_type_id
        when 'operator' then p.operator_id when 'provider' then p.provider when 'version' then p.version
        when inner_by[2] then p.key_2 when inner_by[3] then p.key_3 when inner_by[4] then p.key_4
        else -1 end as key_1,
      case p_by[2] when 'game' then p.game when 'gambling_type' then p.gambling_type_id
        when 'operator' then p.operator_id when 'provider' then p.provider when 'version' then p.version
        when inner_by[2] then p.key_2 when inner_by[3] then p.key_3 when inner_by[4] then p.key_4
        else -1 end as key_2,
      case p_by[3] when 'game' then p.game when 'gambling_type' then p.gambling_type_id
        when 'operator' then p.operator_id when 'provider' then p.provider when 'version' then p.version
        when inner_by[2] then p.key_2 when inner_by[3] then p.key_3 when inner_by[4] then p.key_4
        else -1 end as key_3,
      p.bet_count, p.stake, p.win_minor, p.declared_rtp_ppm
    from played as p
    join api.gambling_type as t on t.id = p.gambling_type_id
    where t.code not in ('bookmaker', 'online_poker')
      and (p_gambling_types is null or p.gambling_type_id = any (p_gambling_types))
  ),
  summed as (
    select
      grouping(k.key_1, k.key_2, k.key_3) <> 0 as is_total, coalesce(k.key_1, -1) as key_1,
      coalesce(k.key_2, -1) as key_2, coalesce(k.key_3, -1) as key_3,
      coalesce(sum(k.bet_count), 0)::bigint as bets, coalesce(sum(k.stake), 0)::bigint as stake,
      coalesce(sum(k.win_minor), 0)::bigint as win,
      coalesce(sum(k.stake) filter (where k.declared_rtp_ppm is null), 0)::bigint as undeclared,
      case when sum(k.stake) filter (where k.declared_rtp_ppm is not null) > 0
        then sum(k.stake::numeric * k.declared_rtp_ppm)
          / (10000 * sum(k.stake) filter (where k.declared_rtp_ppm is not null)) end as declared
    from keyed as k
    group by grouping sets ((k.key_1, k.key_2, k.key_3), ())
    having cardinality(p_by) > 0 or grouping(k.key_1, k.key_2, k.key_3) <> 0
  ),
  paid_rounds as (
    select
      m.operator_id, m.game_id, m.month as day, 0 as channel_id, 0::smallint as stake_band, m.round_count,
      m.hit_count, m.multiple_micro, m.square_micro
    from api.return_month as m
    where of_rounds and not by_round and m.month >= month_from and m.month < month_until
      and m.currency = p_currency
    union all
    select
      d.operator_id, d.game_id, d.day, 0, 0::smallint, d.round_count, d.hit_count, d.multiple_micro,
      d.square_micro
    from api.return_day as d
    where of_rounds and not by_round and d.currency = p_currency
      and (d.day >= p_first and d.day < month_from or d.day >= month_until and d.day <= p_last)
    union all
    select
      d.operator_id, d.game_id, d.day, d.channel_id, d.stake_band, d.round_count, d.hit_count,
      d.multiple_micro, d.square_micro
    from api.round_day as d
    where of_rounds and by_round and d.currency = p_currency and d.day >= p_first and d.day <= p_last
      and (p_channels is null or d.channel_id = any (p_channels))
  ),
  -- Games that declare the same are one where no game is told: what follows is in proportion to these sums.
  round_sums as (
    select
      coalesce(case p_by[1] when 'game' then r.game_id when 'gambling_type' then g.gambling_type_id
        when 'operator' then g.operator_id when 'provider' then m.provider when 'version' then m.version
        when 'stake_band' then r.stake_band
        else api.report_key(
          p_by[1], r.day, null, r.operator_id, null, null, r.channel_id, null, null, r.game_id, null) end, -1
      ) as key_1,
      coalesce(case p_by[2] when 'game' then r.game_id when 'gambling_type' then g.gambling_type_id
        when 'operator' then g.operator_id when 'provider' then m.provider when 'version' then m.version
        when 'stake_band' then r.stake_band
        else api.report_key(
          p_by[2], r.day, null, r.operator_id, null, null, r.channel_id, null, null, r.game_id, null) end, -1
      ) as key_2,
      coalesce(case p_by[3] when 'game' then r.game_id when 'gambling_type' then g.gambling_type_id
        when 'operator' then g.operator_id when 'provider' then m.provider when 'version' then m.version
        when 'stake_band' then r.stake_band
        else api.report_key(
          p_by[3], r.day, null, r.operator_id, null, null, r.channel_id, null, null, r.game_id, null) end, -1
      ) as key_3,
      g.declared_rtp_ppm as rtp, g.declared_sigma_ppm as sigma, sum(r.round_count) as rounds,
      sum(r.hit_count) as hits, sum(r.multiple_micro) as multiples, sum(r.square_micro) as squares
    from paid_rounds as r
    join api.game as g on g.id = r.game_id
    join api.gambling_type as t on t.id = g.gambling_type_id
    left join makers as m on m.id = r.game_id
    where t.code not in ('bookmaker', 'online_poker')
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_games is null or r.game_id = any (p_games))
      and (p_gambling_types is null or g.gambling_type_id = any (p_gambling_types))
    group by 1, 2, 3, 4, 5
  ),
  -- In millionths of a stake, and their squares: what is declared of games is, too.
  rated as (
    select
      s.key_1, s.key_2, s.key_3, s.rounds, s.hits, s.multiples, s.squares,
      case when d.rated then s.rounds end as rated_rounds,
      case when d.rated then s.rtp * s.rounds - s.multiples end as gap,
      case when d.rated then s.squares - 2 * s.rtp * s.multiples + s.rtp::numeric * s.rtp * s.rounds end
        as distance,
      case when d.rated then s.sigma::numeric * s.sigma * s.rounds end as variance
    from round_sums as s
    cross join lateral (select s.rtp is not null and s.sigma is not null as rated) as d
  ),
  returned as (
    select
      grouping(r.key_1, r.key_2, r.key_3) <> 0 as is_total, coalesce(r.key_1, -1) as key_1,
      coalesce(r.key_2, -1) as key_2, coalesce(r.key_3, -1) as key_3, sum(r.rounds) as rounds, sum(r.hits) as hits,
      sum(r.multiples) as multiples, sum(r.squares) as squares, sum(r.rated_rounds) as rated_rounds,
      sum(r.gap) as gap, sum(r.distance) as distance, sum(r.variance) as variance
    from rated as r
    group by grouping sets ((r.key_1, r.key_2, r.key_3), ())
    having cardinality(p_by) > 0 or grouping(r.key_1, r.key_2, r.key_3) <> 0
  ),
  tested as (
    select
      r.*, e.low, e.high,
      greatest(e.low, e.high) + ln((1 + exp(-least(abs(e.low - e.high), 700))) / 2) as either
    from returned as r
    left join lateral (
      select
        api.log_evidence(v.gap, v.spread, v.variance) as low, api.log_evidence(-v.gap, v.spread, v.variance) as high
      from (
        select
          (r.gap / 1000000)::double precision as gap,
          ((r.distance + 2 * r.variance) / 3e12)::double precision as spread,
          (r.variance / nullif(r.rated_rounds, 0) / 1e12)::double precision as variance
      ) as v
    ) as e on r.rated_rounds > 0 and r.variance > 0 and r.distance >= 0
  ),
  placed as (
    select
      t.*, nullif(count(t.either) over (partition by t.is_total), 0) as streams,
      row_number() over (partition by t.is_total order by t.either desc nulls last) as place
    from tested as t
  ),
  judged as (
    select
      p.*, max(p.place) filter (where p.either >= ln(10.0::double precision * p.streams / p.place))
        over (partition by p.is_total) as last_flagged
    from placed as p
  )
  select
    f.is_total, api.report_keys(p_by, f.is_total, f.key_1, f.key_2, f.key_3), f.bets, f.stake, f.win,
    round(f.declared, 4), api.rtp_percent(f.stake, 0, f.win),
    api.rtp_percent(f.stake, 0, f.win) - round(f.declared, 4), f.undeclared,
    case when of_rounds then coalesce(j.rounds, 0)::bigint end,
    case when j.rounds > 0 then round(j.multiples / (10000 * j.rounds), 4) end,
    case when j.rounds > 0 then round(100 * j.hits / j.rounds, 4) end,
    case when j.either is not null then round(sqrt(j.variance / j.rated_rounds) / 1000000, 4) end,
    case when j.rounds > 0 and j.squares * j.rounds >= j.multiples * j.multiples
      then round(sqrt(j.squares * j.rounds - j.multiples * j.multiples) / (j.rounds * 1000000), 4) end,
    case when j.either is not null then round(2.576 * sqrt(j.variance) / (j.rated_rounds * 10000), 4) end,
    case when j.either is not null then round(-j.gap / sqrt(j.variance), 4) end,
    round(j.low::numeric, 4), round(j.high::numeric, 4),
    case
      when j.either >= ln(100.0::double precision * j.streams) then case when j.gap > 0 then 'below' else 'above' end
      when j.place <= j.last_flagged then 'watch'
      when j.either is not null then 'fair'
    end
  from summed as f
  left join judged as j on j.is_total = f.is_total and j.key_1 = f.key_1 and j.key_2 = f.key_2
    and j.key_3 = f.key_3
  order by f.is_total, f.key_1, f.key_2, f.key_3;
end
$body$;
comment on function api.report_r05(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz
) is 'Return to players observed from sums beside the declared one.';
