-- login: superuser
select is(rollup.add_histograms('{1,2,3}', '{10,20,30}'), '{11,22,33}', 'bucket by bucket');
select is(rollup.add_histograms('{1}', '{10,20}'), '{11,20}', 'the shorter ends with zeros');
select is(rollup.add_histograms('{1,2}', '{10}'), '{11,2}', 'whichever it is');
select is(rollup.add_histograms('{}', '{5}'), '{5}', 'from nothing');
select is(rollup.add_histograms('{}', '{}'), '{}', 'nothing');
select is(rollup.add_histograms('{4611686018427387904}', '{1}'), '{4611686018427387905}', 'large counts');
