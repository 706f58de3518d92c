"""The embedded database runtime: where PostgreSQL comes from, and the cluster of this instance."""

from portal.runtime.checks import Server, describe
from portal.runtime.cluster import Status, ensure_running, status, stop
from portal.runtime.errors import RuntimeProblem
from portal.runtime.instance import maintenance_url, role_url

__all__ = [
    "RuntimeProblem",
    "Server",
    "Status",
    "describe",
    "ensure_running",
    "maintenance_url",
    "role_url",
    "status",
    "stop",
]
