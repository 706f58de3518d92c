"""The database's own definition: roles, numbered migrations, repeatable SQL."""

from portal.schema.migrate import migrate

__all__ = ["migrate"]
