"""People at pages without a browser: over HTTP, by what links and forms of the page hold.

A form is sent with everything that stands in it, hidden fields included, as a browser without
JavaScript sends it. Quicker than a browser where many forms are to be filled in.
"""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import Cookie, CookieJar
from urllib.parse import urlencode, urljoin, urlsplit

TIMEOUT_S = 30
Value = str | Sequence[str]


@dataclass
class Form:
    """A form of a page: where it goes, and what stands in its fields (a list of each)."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """An answer: ``url`` after all redirects."""

    url: str
    status: int
    text: str

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def form(self, ending: str) -> Form:
        """The form whose address ends so."""
        found = [one for one in _Forms(self.url, self.text).forms if one.action.endswith(ending)]
        assert len(found) == 1, f"{len(found)} forms to …{ending} on {self.url}\n{self.text}"
        return found[0]

    @property
    def signing(self) -> Form | None:
        """The form by which a demonstration signs what the page shows, if it is such a page."""
        found = [one for one in _Forms(self.url, self.text).forms if "demo" in one.fields]
        return found[0] if found else None

    @property
    def wrong(self) -> list[str]:
        """What the page says is wrong."""
        return re.findall(r'<li><a href="#[^"]*">([^<]*)</a>', self.text)


class Walker:
    """Somebody who reads pages and sends forms; cookies are kept."""

    def __init__(self, url: str, language: str = "uk") -> None:
        self._url = url
        jar = CookieJar()
        host = urlsplit(url).hostname or ""
        jar.set_cookie(_cookie("lang", language, host))
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, address: str) -> Page:
        return self._open(address, None)

    def send(self, page: Page, ending: str, typed: Mapping[str, Value] | None = None) -> Page:
        """Send a form of a page with what is typed into its fields; it must have those fields.

        Where the answer asks for a signature, the demonstration signs.
        """
        form = page.form(ending)
        unknown = set(typed or {}) - form.fields.keys()
        assert not unknown, f"{page.url} has no field {unknown}"
        whole = form.fields | {
            name: [value] if isinstance(value, str) else list(value)
            for name, value in (typed or {}).items()
        }
        sent = self._open(form.action, _encoded(whole))
        signing = sent.signing
        return self._open(signing.action, _encoded(signing.fields)) if signing else sent

    def _open(self, address: str, body: bytes | None) -> Page:
        request = urllib.request.Request(urljoin(self._url, address), body)
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                return Page(answer.url, answer.status, answer.read().decode())
        except urllib.error.HTTPError as answer:
            with answer:
                return Page(answer.url, answer.code, answer.read().decode())


def _encoded(fields: Mapping[str, Sequence[str]]) -> bytes:
    return urlencode([(name, one) for name, several in fields.items() for one in several]).encode()


class _Forms(HTMLParser):
    """The forms of a page; buttons, of which the first is pressed, send nothing."""

    def __init__(self, url: str, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._url = url
        self._form: Form | None = None
        self._select: str | None = None
        self._area: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self._url, given.get("action") or self._url)
            self._form = Form(action, given.get("method", "get"))
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input" and "name" in given:
            self._input(self._form, given)
        elif tag == "select" and "name" in given:
            self._select = given["name"]
            self._form.fields[self._select] = []
        elif tag == "option" and self._select is not None and "selected" in given:
            self._form.fields[self._select] = [given.get("value", "")]
        elif tag == "textarea" and "name" in given:
            self._area = given["name"]
            self._form.fields[self._area] = [""]

    def _input(self, form: Form, given: dict[str, str]) -> None:
        several = form.fields.setdefault(given["name"], [])
        if given.get("type") not in ("checkbox", "radio"):
            several.append(given.get("value", ""))
        elif "checked" in given:
            several.append(given.get("value", "on"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area is not None:
            self._form.fields[self._area][0] += data


def _cookie(name: str, value: str, host: str) -> Cookie:
    return Cookie(
        version=0, name=name, value=value, port=None, port_specified=False,
        domain=host if "." in host else f"{host}.local", domain_specified=True,
        domain_initial_dot=False, path="/", path_specified=True, secure=False, expires=None,
        discard=True, comment=None, comment_url=None, rest={},
    )  # fmt: skip
