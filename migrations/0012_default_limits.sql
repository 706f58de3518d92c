-- depends: 0011_catalogue
-- A key without limits of its own may send 5,000 records and 4 MiB a second instead of 20,000 and
-- 16 MiB: what one of them sends without pause then leaves the others their answers in time. At
-- once it may send what it could, 100,000 records and 64 MiB. Whoever has set other limits keeps
-- them.
set local lock_timeout = '10s';

update registry.key_limit
set rows_per_s = 5000, burst_rows = 101250, bytes_per_s = 4194304, burst_bytes = 68157440
where rows_per_s = 20000 and burst_rows = 105000
  and bytes_per_s = 16777216 and burst_bytes = 71303168;
