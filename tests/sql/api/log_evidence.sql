-- login: superuser
-- Evidence from sums of rounds, and its sides: what was computed elsewhere by the same formula, and its edges.
create function pg_temp.evidence(p_rounds numeric, p_won numeric, p_squares numeric, p_way integer)
returns numeric language sql as $$
  select round(api.log_evidence(
    (p_way * (0.96 * p_rounds - p_won))::float8,
    ((p_squares - 2 * 0.96 * p_won + 0.96 * 0.96 * p_rounds + 2 * 36 * p_rounds) / 3)::float8, 36)::numeric, 4)
$$;
select is(pg_temp.evidence(1000000, 930000, 36000000, 1), 10.3795, 'three points of a million rounds are missing');
select is(pg_temp.evidence(1000000, 930000, 36000000, -1), -3.2460, 'and nothing tells of the other side');
select is(pg_temp.evidence(1000000, 956000, 36500000, 1), -0.9651, 'half a point is chance');
select is(pg_temp.evidence(1000000, 956000, 36500000, -1), -1.9129);
select is(pg_temp.evidence(250000, 230000, 8800000, 1), 3.8901, 'four points of a quarter of it');
select is(round(pg_temp.evidence(100000000, 90000000, 3600000000, 1), 2), 5032.26, 'far beyond what exp can hold');
select is(round(pg_temp.evidence(100000000, 90000000, 3600000000, -1), 4), -8.4963, 'where erfc would underflow');
select is(api.log_evidence(0, 0, 36), 0::float8, 'no rounds tell nothing');
select is(api.log_evidence(1, 1, 0), null::float8, 'nor games that declare no spread');
select is(api.log_evidence(1, -1, 36), null::float8, 'nor sums that no rounds can have');
