-- What the indexes are for.

comment on index report.declared_day_day is 'All operators by day.';
comment on index report.declared_day_corrected is 'Corrections, which are few.';
comment on index report.declared_month_month is 'All operators by month.';
