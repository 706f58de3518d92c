create or replace view api.compliance with (security_invoker = true) as
select id, provider_id, what, sequence, site_id, note, person_id, noted_at
from blocking.compliance;
comment on view api.compliance is 'What providers say that they carried out, and what officials found.';
