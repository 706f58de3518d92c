create or replace function registry.decode_punycode(p_text text) returns text
  language plpgsql immutable
  set search_path = pg_catalog, pg_temp
as $body$
-- RFC 3492, section 6.2: what stands after xn-- in a label; null where it is no punycode.
declare
  result integer[] := '{}'::integer[];
  n bigint := 128::bigint;
  i bigint := 0::bigint;
  bias bigint := 72::bigint;
  place integer := 1;
  old_i bigint;
  weight bigint;
  k bigint;
  digit integer;
  threshold bigint;
  delta bigint;
  size integer;
  split integer := length(p_text) - position('-' in reverse(p_text)) + 1;
begin
  if p_text !~ '^[a-z0-9-]{1,59}$' then
    return null;
  end if;
  if p_text ~ '-' then
    result := array(select ascii(c) from unnest(string_to_array(left(p_text, split - 1), null)) as u (c));
    place := split + 1;
  end if;
  if place > length(p_text) then
    return null;
  end if;
  while place <= length(p_text) loop
    old_i := i;
    weight := 1;
    k := 36;
    loop
      if place > length(p_text) then
        return null;
      end if;
      digit := position(substr(p_text, place, 1) in 'abcdefghijklmnopqrstuvwxyz0123456789') - 1;
      place := place + 1;
      if digit < 0 then
        return null;
      end if;
      i := i + digit * weight;
      if i > 2147483647 then
        return null;
      end if;
      threshold := least(greatest(k - bias, 1), 26);
      exit when digit < threshold;
      weight := weight * (36 - threshold);
      if weight > 2147483647 then
        return null;
      end if;
      k := k + 36;
    end loop;
    size := cardinality(result) + 1;
    delta := case when old_i = 0 then (i - old_i) / 700 else (i - old_i) / 2 end;
    delta := delta + delta / size;
    k := 0;
    while delta > 455 loop
      delta := delta / 35;
      k := k + 36;
    end loop;
    bias := k + 36 * delta / (delta + 38);
    n := n + i / size;
    i := i % size;
    if n > 65535 or n between 55296 and 57343 then
      return null;
    end if;
    result := result[1:i] || n::integer || result[i + 1:];
    i := i + 1;
  end loop;
  return (select string_agg(chr(c), '' order by o) from unnest(result) with ordinality as u (c, o));
end
$body$;
comment on function registry.decode_punycode(text) is
  'What a label''s punycode (RFC 3492) stands for, within the basic plane; null where it is none.';
