create or replace view api.saved_view with (security_invoker = true) as
select id, person_id, name, target, parameters, shared, created_at, removed_at
from identity.saved_view;
comment on view api.saved_view is
  'Saved views: a person''s own, and those that others of the same workspace share.';
