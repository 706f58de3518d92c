"""Backups of the embedded cluster: taken, checked, pruned, and restored to a chosen second."""
