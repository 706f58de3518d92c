"""The witness without a socket."""
