"""The registry: who may take bets, under which licence, where, on what and with which key."""
