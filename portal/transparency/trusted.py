"""The witnesses that this log asks, as its operator configured them."""

from __future__ import annotations

from portal.config import settings
from portal.transparency import policy as policies
from portal.transparency.policy import Policy, PolicyInvalid


def policy() -> Policy:
    """The policy that DOZIR_LOG_POLICY names; without one, no witness and no quorum.

    Raises PolicyInvalid and OSError.
    """
    path = settings().log_policy
    if path is None:
        return Policy()
    read = policies.parse(path.read_bytes())
    for witness in read.witnesses:
        if witness.url and not policies.is_submission_url(witness.url):
            raise PolicyInvalid(f"witness {witness.name}: its URL is none to send checkpoints to")
        try:
            witness.name.encode()
        except UnicodeEncodeError:  # it is stored in the database, and shown
            raise PolicyInvalid("a witness' name is not in UTF-8") from None
    return read
