"""What everyone may see without a login: the market's registers, is a site legal, what is blocked.

Everything here is read by the login ``dozir_public`` out of the schema ``open_data`` and of nothing
else. No page reads or sets a cookie, so that each is the same for all and may be kept by caches.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the public pages, files and lists."""
    from portal.open_data import (  # noqa: PLC0415
        blocklist,
        complaints,
        files,
        pages,
        providers,
    )
    from portal.open_data.site import blueprint, render_error  # noqa: PLC0415
    from portal.web import shell, urls  # noqa: PLC0415

    del blocklist, complaints, files, pages, providers  # imported for their views
    app.register_blueprint(blueprint)
    shell.render_under(app, urls.PUBLIC_PREFIX, render_error)
