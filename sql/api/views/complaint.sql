create or replace view api.complaint with (security_invoker = true) as
select
  id, number, about, address, typed, provider_name, comment, contact, language, received_at, repeated,
  repeated_at, state, decided_at, decided_by, answer
from blocking.complaint;
comment on view api.complaint is 'Complaints of the public about illegal sites and about providers.';
