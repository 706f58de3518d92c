"""A market to show: invented operators, and a simulator that plays them through the public API.

``market.make_market`` invents the operators, ``loading`` registers them (``dozir demo``),
``generator`` makes their transactions, ``simulation`` posts them (``dozir simulate``).
Nothing here is of a real company: every name is made up.
"""
