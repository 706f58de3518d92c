create or replace function registry.record_state(
  p_state_by text, p_document jsonb, p_since timestamptz, p_until timestamptz, p_moment timestamptz,
  out state text, out state_until timestamptz
)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- The state at a moment, and when time alone will change it. A state that nobody foresaw ends by an
-- act, so that it lasts for ever until then.
declare
  suspension record;
begin
  if p_state_by = 'access_key' then
    -- A key is revoked at the clock's time, which is later than its transaction's begin.
    state := case when p_document ? 'revoked_at' then 'revoked' when p_until <= p_moment then 'expired'
      else p_document ->> 'mode' end;
    state_until := case when state in ('revoked', 'expired') then 'infinity' else p_until end;
    return;
  end if;
  if p_state_by = 'equipment' and p_document ->> 'state' <> 'retired' and p_until > p_moment then
    state := p_document ->> 'state';
    state_until := p_until;
    return;
  elsif p_moment < p_since then
    state := 'upcoming';
    state_until := p_since;
    if p_state_by = 'equipment' then
      state := 'registered';
    end if;
    return;
  end if;
  if p_state_by = 'licence' then
    if p_document ->> 'revoked_at' is not null then
      if (p_document ->> 'revoked_at')::timestamptz <= p_moment then
        state := 'revoked';
        state_until := 'infinity';
        return;
      end if;
      state_until := (p_document ->> 'revoked_at')::timestamptz;
    end if;
    state_until := least(coalesce(state_until, p_until), p_until);
    if p_until <= p_moment then
      state := 'expired';
      state_until := 'infinity';
      return;
    end if;
    state := 'active';
    for suspension in
      select (s ->> 'from')::timestamptz as begins, (s ->> 'until')::timestamptz as ends
      from jsonb_array_elements(coalesce(p_document -> 'suspensions', '[]')) as j (s)
      where s ->> 'withdrawn_at' is null
    loop
      if suspension.begins <= p_moment and p_moment < suspension.ends then
        state := 'suspended';
        state_until := least(state_until, suspension.ends);
      elsif suspension.begins > p_moment then
        state_until := least(state_until, suspension.begins);
      end if;
    end loop;
    return;
  end if;
  if p_until <= p_moment then
    state := case when p_state_by = 'equipment' then 'retired' else 'ended' end;
    state_until := 'infinity';
  else
    state := 'active';
    state_until := p_until;
  end if;
end
$body$;
comment on function registry.record_state(text, jsonb, timestamptz, timestamptz, timestamptz) is
  'The state of a record at a moment, and until when it lasts by itself.';
