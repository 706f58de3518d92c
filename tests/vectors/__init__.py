"""Proofs, checkpoints and policies that hold, and many that must be refused, one file each.

``python -m tests.vectors.make`` writes them; those that hold have names that begin so.
"""
