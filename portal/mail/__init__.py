"""Mail: a queue in the database, and the one place that speaks with a mail server.

Whoever has something to tell queues text (:func:`portal.mail.gateway.queue_mail`), in the
transaction in which it became true; :class:`portal.mail.sending.Sender` hands it over, again and
again until the server has taken it or refused it for good. Nothing leaves where DOZIR_SMTP,
DOZIR_MAIL_FROM or DOZIR_PUBLIC_URL is missing.
"""

from __future__ import annotations

from portal.mail.addresses import clean_address
from portal.mail.server import MailServer, Misconfigured, configured, public_url

__all__ = ["MailServer", "Misconfigured", "clean_address", "configured", "public_url"]
