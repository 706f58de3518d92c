-- depends: 0012_default_limits
-- squawk-ignore-file ban-drop-function
-- A key may be bound to addresses: whoever judges a key is told the caller's. The functions with one
-- parameter more take the places of these.
drop function if exists api.access_key_operator(integer, text);
drop function if exists ledger.check_access_key(integer, text);
drop function if exists ledger.access_key_refusal(registry.access_key, registry.operator, text);
drop function if exists ledger.check_batch(integer, uuid, bytea, text, bigint, bigint);
drop function if exists ledger.open_batches(integer[], uuid[], bytea[], text[], bigint[], bigint[]);
