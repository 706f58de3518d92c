-- What the indexes are for.

comment on index rollup.day_day is 'All operators by day.';
comment on index rollup.game_hour_hour is 'All operators by hour.';
comment on index rollup.hour_hour is 'All operators by hour.';
