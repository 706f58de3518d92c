"""Ukraine's national algorithms, which no maintained Python library has.

DSTU 4145-2002 signatures over binary fields, and the hashes GOST 34.311-95 and DSTU 7564:2014
(Kupyna). Pure and small: integers and bytes in, integers and bytes out. Verifying needs no secrets;
signing here is not constant-time and is meant for software keys of tests, demonstrations and
scripts, never for a token's key.
"""
