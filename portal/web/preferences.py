"""What a visitor chooses about how pages look and act: kept in cookies, changed by plain links.

So a choice needs neither scripts nor sign-in, and the page comes with it from the first byte: no
flash of the wrong theme.
"""

from __future__ import annotations

from flask import Blueprint, Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.web import urls
from portal.web.i18n import COOKIE_SECONDS, LazyString, lazy_gettext

# Preference -> its values in words; the first holds until another is chosen.
CHOICES: dict[str, dict[str, LazyString]] = {
    "theme": {
        "auto": lazy_gettext("As the system"),
        "light": lazy_gettext("Light"),
        "dark": lazy_gettext("Dark"),
    },
    "shortcuts": {"on": lazy_gettext("On"), "off": lazy_gettext("Off")},
}

blueprint = Blueprint("preferences", __name__)


def chosen(name: str) -> str:
    """The value in the visitor's cookie, the first one where there is none that we know."""
    values = CHOICES[name]
    value = request.cookies.get(name, "")
    return value if value in values else next(iter(values))


def preference_address(name: str, value: str) -> str:
    """The link that chooses a value and comes back to the same page and filters."""
    return url_for("preferences.choose", name=name, value=value, next=urls.way_back())


@blueprint.get("/display/<any(theme, shortcuts):name>/<any(auto, light, dark, on, off):value>")
def choose(name: str, value: str) -> Response:
    """Remembers a choice of how pages look or act."""
    if value not in CHOICES[name]:
        abort(404)
    # pages that any cache may keep take the theme by script
    return remembered(name, value, httponly=name != "theme")


def remembered(name: str, value: str, *, httponly: bool = True) -> Response:
    """Keeps a choice in a cookie and goes back to the page it was made on."""
    response = redirect(urls.safe_next(request.args.get("next")), code=303)
    response.set_cookie(
        name,
        value,
        max_age=COOKIE_SECONDS,
        secure=request.is_secure,
        httponly=httponly,
        samesite="Lax",
    )
    return response


def init_app(app: Flask) -> None:
    """Registers the links and tells templates what was chosen."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        preference=chosen, preferences=CHOICES, preference_address=preference_address
    )
