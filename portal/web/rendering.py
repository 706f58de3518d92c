"""One address, one template: the whole page, or the named block of it that htmx asked for.

Components are macros in ``templates/components/*.html``, reached everywhere as ``ui.<macro>``: a
block rendered alone does not run its template's imports, so a page needs none.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import Flask, Response, current_app, make_response
from jinja2 import Environment, StrictUndefined

from portal.web import litter
from portal.web.htmx import fragment_wanted


class Components:
    """The macros of all component templates under one name."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    @cached_property
    def _homes(self) -> dict[str, str]:
        homes: dict[str, str] = {}
        names = self._environment.list_templates(
            filter_func=lambda name: name.startswith("components/") and name.endswith(".html")
        )
        for name in names:
            for macro in vars(self._environment.get_template(name).module):
                if macro.startswith("_"):
                    continue
                if macro in homes:
                    raise ValueError(f"macro {macro} is in {homes[macro]} and in {name}")
                homes[macro] = name
        return homes

    def __getattr__(self, macro: str) -> Any:
        if macro.startswith("_") or macro not in self._homes:
            raise AttributeError(macro)
        found = getattr(self._environment.get_template(self._homes[macro]).module, macro)
        if not self._environment.auto_reload:
            setattr(self, macro, found)  # asked for a thousand times by a page
        return found


def render_block(template: str, block: str, context: dict[str, Any]) -> str:
    """The text of one block of a page's own template; KeyError when it has no such block."""
    page = current_app.jinja_env.get_or_select_template(template)
    current_app.update_template_context(context)
    return "".join(page.blocks[block](page.new_context(context)))


def render(
    template: str, fragment: str | None = None, status: int = 200, **context: Any
) -> Response:
    """The page as an answer, or its block ``fragment`` when htmx asked for a part.

    ``fragment`` names a block defined in ``template`` itself. What a block needs comes from the
    view or is set inside the block: statements outside blocks do not run for a fragment. ``part``
    tells a template whether it is a fragment.
    """
    part = fragment is not None and fragment_wanted()
    context["part"] = part
    if fragment is not None and part:
        text = render_block(template, fragment, dict(context))
    else:
        page = current_app.jinja_env.get_or_select_template(template)
        current_app.update_template_context(context)
        text = page.render(context)
    answer = make_response(text, status)
    answer.call_on_close(litter.sweep)
    return answer


def init_app(app: Flask) -> None:
    """Strict templates: an unknown name fails loudly instead of printing nothing."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.globals["ui"] = Components(environment)
