"""A witness of transparency logs, as C2SP tlog-witness describes it.

It runs on a stranger's machine: it knows hashes, signatures, a folder and a socket, no database and
nothing of the state whose log it watches.
"""
