create or replace function registry.check_value(
  p_attribute registry.attribute, p_given jsonb, p_operator_id integer, out value jsonb, out code text,
  out detail jsonb
)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $body$
-- One value as a form or a program gave it: in its canonical form, or why it is refused.
declare
  given text;
  figure numeric;
begin
  if p_given is null or p_given = 'null' then
    return;
  end if;
  if p_attribute.data_type = 'choices' then
    if jsonb_typeof(p_given) <> 'array' or exists (
      select from jsonb_array_elements(p_given) as j (e)
      where jsonb_typeof(j.e) <> 'string' or not exists (
        select from registry.choice as c where c.list = p_attribute.choice_list and c.value = j.e #>> '{}')
    ) then
      code := 'choice';
    elsif p_given <> '[]' then
      value := (select jsonb_agg(distinct j.e) from jsonb_array_elements(p_given) as j (e));
    end if;
    return;
  end if;
  if jsonb_typeof(p_given) not in ('string', 'number') then
    code := 'type';
    return;
  end if;
  given := normalize(btrim(regexp_replace(p_given #>> '{}', '[\s]+', ' ', 'g')));
  if p_attribute.data_type = 'long_text' then
    given := normalize(btrim(p_given #>> '{}'));
  end if;
  if given = '' then
    return;
  end if;
  if length(given) > p_attribute.longest then
    code := 'too_long';
    detail := jsonb_build_object('longest', p_attribute.longest);
    return;
  end if;
  -- Control characters, and marks that turn the direction of text or cannot be seen.
  if given ~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]' then
    code := 'characters';
    return;
  end if;
  value := to_jsonb(given);
  case p_attribute.data_type
    when 'integer', 'decimal', 'reference' then
      given := replace(given, ',', '.');
      if given !~ '^-?[0-9]{1,15}(\.[0-9]{1,10})?$'
        or (p_attribute.data_type <> 'decimal' and given ~ '\.') then
        code := 'number';
        return;
      end if;
      figure := given::numeric;
      if figure < p_attribute.minimum or figure > p_attribute.maximum then
        code := 'range';
        detail := jsonb_build_object('minimum', p_attribute.minimum, 'maximum', p_attribute.maximum);
        return;
      end if;
      value := to_jsonb(figure);
      if p_attribute.data_type = 'reference' and not exists (
        select from registry.entry as e
        where e.kind = p_attribute.reference_kind and e.record_id = least(figure, 2147483647)::integer
          and e.recorded_until = 'infinity' and (e.operator_id = p_operator_id or e.operator_id = 0)
          and e.state not in ('ended', 'retired', 'revoked', 'expired')
      ) then
        code := 'reference';
      end if;
    when 'moment' then
      begin
        if given ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then
          value := to_jsonb(given::date::timestamp at time zone 'Europe/Kyiv');
        elsif given ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{5,15}(Z|[+-][0-9]{2}(:?[0-9]{2})?)$' then
          value := to_jsonb(given::timestamptz);
        elsif given <> 'infinity' then
          code := 'moment';
          return;
        end if;
        if given <> 'infinity'
          and (value #>> '{}')::timestamptz not between '1991-08-24' and '2200-01-01' then
          code := 'moment';
        end if;
      exception
        when datetime_field_overflow or invalid_datetime_format or invalid_parameter_value then
          code := 'moment';
      end;
    when 'choice' then
      if not (
        exists (
          select from registry.choice as c where c.list = p_attribute.choice_list and c.value = given)
        or p_attribute.choice_list = 'licence_kind' and exists (
          select from registry.licence_kind as k where k.id::text = given)
        or p_attribute.choice_list = 'gambling_type' and exists (
          select from registry.gambling_type as t where t.id::text = given)
      ) then
        code := 'choice';
      elsif p_attribute.choice_list in ('licence_kind', 'gambling_type') then
        value := to_jsonb(given::integer);
      end if;
    else
      if p_attribute.validator = 'domain' then
        value := to_jsonb(lower(given));
        given := lower(given);
      end if;
      if given !~ p_attribute.pattern then
        code := 'pattern';
      elsif not coalesce(case p_attribute.validator
        when 'edrpou' then registry.is_edrpou(given)
        when 'rnokpp' then registry.is_rnokpp(given)
        when 'domain' then registry.domain_unicode(given) is not null
        when 'site_address' then blocking.is_site_address(given)
        when 'email' then given ~ '^[^@\s"<>]{1,64}@[^@\s"<>]+\.[^@\s"<>.]{2,}$'
        when 'phone' then given ~ '^\+[0-9]{9,15}$'
        when 'url' then given ~ '^https://[[:graph:]]+$'
        else true
      end, false) then
        code := p_attribute.validator;
      end if;
  end case;
end
$body$;
alter function registry.check_value(registry.attribute, jsonb, integer) owner to dozir_writer;
comment on function registry.check_value(registry.attribute, jsonb, integer) is
  'The canonical form of a value proposed for an attribute, or the code of what is wrong with it.';
