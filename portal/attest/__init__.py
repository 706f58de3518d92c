"""Has others vouch for the log's checkpoints: witnesses cosign them, authorities stamp the time.

It never stands in the log's way: the log signs and publishes whether or not anybody answers here.
"""
