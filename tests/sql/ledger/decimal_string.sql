-- login: superuser
select is(ledger.decimal_string(12345, 2), '123.45', 'two digits');
select is(ledger.decimal_string(5, 2), '0.05', 'zeros before');
select is(ledger.decimal_string(100, 2), '1.00', 'zeros after');
select is(ledger.decimal_string(0, 2), '0.00', 'nothing');
select is(ledger.decimal_string(7, 0), '7', 'a currency without minor units');
select is(ledger.decimal_string(1, 3), '0.001', 'three digits');
select is(ledger.decimal_string(-1, 2), '-0.01', 'negative');
select is(
  ledger.decimal_string(9223372036854775807, 2), '92233720368547758.07', 'the largest, exactly');
