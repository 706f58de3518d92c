"""The pages under /docs/: public, whole without a session, kept by caches, closed to tricks."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
import yaml

from portal.docs.guides import FOLDER, GUIDES, load
from portal.ingest.problems import CODES
from portal.web.i18n import LANGUAGES, speaking

NAMES = ["", *GUIDES, "reference", "errors"]
PAGES = [f"/docs/{language}/{name}" for language in LANGUAGES for name in NAMES]


class Page(HTMLParser):
    """What a page links to, its anchors, and whether it holds anything that would run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.runs: list[str] = []
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.links += [value for name, value in attrs if name in ("href", "src") and value]
        if given.get("id"):
            self.anchors.append(given["id"])
        self.runs += [name for name, _ in attrs if name.startswith("on") or name == "style"]
        self._script = tag in ("script", "style")

    def handle_data(self, data):
        if self._script and data.strip():
            self.runs.append(data)
        self._script = False


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_public_and_the_same_for_everyone(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    again = client.get(address, headers={"X-Request-Id": "another-request", "Cookie": "lang=en"})
    assert (again.data, again.headers["ETag"]) == (answer.data, answer.headers["ETag"])
    kept = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (kept.status_code, kept.data) == (304, b"")
    assert "Set-Cookie" not in kept.headers
    assert "nonce=" not in answer.text
    assert "csrf" not in answer.text


@pytest.mark.parametrize("address", PAGES)
def test_a_page_begins_with_its_title_also_where_columns_stand_below_each_other(client, address):
    main = client.get(address).text.split("<main")[1]
    assert "docs-contents" not in main.split("<h1>")[0]


def test_two_pages_have_two_tags(client):
    assert len({client.get(address).headers["ETag"] for address in PAGES}) == len(PAGES)


@pytest.mark.parametrize("address", PAGES)
def test_nothing_on_a_page_runs_but_our_files(client, address):
    page = Page(client.get(address).text)
    assert page.runs == []
    assert len(page.anchors) == len(set(page.anchors)), "an anchor is there twice"


def test_every_link_leads_somewhere(client):
    pages = {address: Page(client.get(address).text) for address in PAGES}
    for address, page in pages.items():
        for link in page.links:
            target = urlsplit(urljoin(address, link))
            if target.scheme or target.path in ("/", "/login"):
                assert target.scheme in ("", "https"), link
                continue
            if target.path in pages:
                anchors = [*pages[target.path].anchors, "text", "explore", ""]
                assert target.fragment in anchors, f"{link} on {address}"
            else:
                assert client.get(link).status_code in (200, 303), f"{link} on {address}"


@pytest.mark.parametrize("name", NAMES)
def test_an_address_without_language_leads_to_the_visitors(client, name):
    choices = {None: "uk", "en": "en", "uk": "uk", "x\r\nSet-Cookie: a": "uk"}
    for chosen, expected in choices.items():
        if chosen:
            client.set_cookie("lang", chosen)
        answer = client.get(f"/docs/{name}")
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/docs/{expected}/{name}"
        assert answer.headers["Cache-Control"] == "private, no-store"
        client.delete_cookie("lang")


@pytest.mark.parametrize(
    ("asked", "cookie", "expected"),
    [
        ("en", None, "en"),
        ("en-GB,en;q=0.9", None, "en"),
        ("de, en;q=0.5, uk;q=0.4", None, "en"),
        ("uk-UA, en;q=0.5", None, "uk"),
        ("de", None, "uk"),
        ("en;q=0", None, "uk"),
        ("\x00;;,=", None, "uk"),
        ("en", "uk", "uk"),
        ("uk", "en", "en"),
        ("en", "xx", "en"),
    ],
)
def test_the_browser_is_asked_where_nobody_has_chosen(client, asked, cookie, expected):
    if cookie:
        client.set_cookie("lang", cookie)
    for name in NAMES:
        answer = client.get(f"/docs/{name}", headers={"Accept-Language": asked})
        assert answer.headers["Location"] == f"/docs/{expected}/{name}"
        assert {"Accept-Language", "Cookie"} <= set(answer.vary)
    assert "Accept-Language" not in client.get("/docs/en/quickstart").vary


def test_what_is_not_there_is_said_in_the_language_of_the_address(client):
    for address, asked, expected in [
        ("/docs/en/nothing", "uk", "en"),
        ("/docs/uk/nothing", "en", "uk"),
        ("/docs/nothing", "en", "en"),
        ("/nothing", "en", "uk"),
    ]:
        answer = client.get(address, headers={"Accept-Language": asked})
        assert answer.status_code == 404
        assert f'<html lang="{expected}"' in answer.text


def test_the_switch_of_language_keeps_the_page(client):
    text = client.get("/docs/uk/retries").text
    assert 'href="/language/en?next=/docs/en/retries"' in text
    answer = client.get("/language/en?next=/docs/en/retries")
    assert answer.headers["Location"] == "/docs/en/retries"


@pytest.mark.parametrize(
    "address",
    [
        "/docs/en/../../README.md",
        "/docs/en/..%2f..%2fREADME",
        "/docs/en/%2e%2e/%2e%2e/pyproject",
        "/docs/en/quickstart.md",
        "/docs/en/quickstart/",
        "/docs/en/quickstart%00",
        "/docs/de/quickstart",
        "/docs/EN/quickstart",
        "/docs/en%0d%0aSet-Cookie:%20a=b/quickstart",
        "/docs/..%5c..%5cpyproject.toml",
        "/docs/uk/openapi.yaml%00.html",
        "/docs/uk/../../../etc/passwd",
        "/docs/en//etc/passwd",
        "/docs/uk/openapi",
        "/docs/api/en/quickstart.md",
        "/docs/en/images",
    ],
)
def test_only_what_is_listed_is_there(client, address):
    answer = client.get(address)
    assert answer.status_code in (404, 308)
    assert "first_batch" not in answer.text
    assert "build-system" not in answer.text
    if answer.status_code == 308:  # a slash too many is put right, within the site
        assert client.get(answer.headers["Location"]).status_code in (200, 404)


@pytest.mark.parametrize("query", ["lang=en%0d%0aX-Evil:%201", "lang=<script>", "lang=../../x"])
def test_a_parameter_changes_nothing(client, query):
    plain = client.get("/docs/uk/errors")
    answer = client.get(f"/docs/uk/errors?{query}")
    assert answer.data == plain.data
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_sent_there(client, method):
    assert getattr(client, method)("/docs/uk/quickstart").status_code in (400, 405)


def test_the_error_page_shows_every_code_at_its_anchor(client):
    for language in LANGUAGES:
        page = Page(client.get(f"/docs/{language}/errors").text)
        assert set(page.anchors) >= CODES.keys()


def test_the_reference_names_every_operation_field_and_code_without_scripts(client):
    for language in LANGUAGES:
        text = client.get(f"/docs/{language}/reference").text
        document = yaml.safe_load(client.get(f"/docs/{language}/openapi.yaml").data)
        for path, item in document["paths"].items():
            assert f"<code>{path}</code>" in text
            for operation in item.values():
                assert f'id="{operation["operationId"]}"' in text
                assert operation["summary"] in text
        for schema in document["components"]["schemas"].values():
            for name in schema.get("properties", {}):
                assert f"<code>{name}</code>" in text, name
        for code in CODES:
            assert f"/docs/{language}/errors#{code}" in text


def test_the_renderer_is_on_the_reference_only(client):
    for address in PAGES:
        text = client.get(address).text
        assert ("swagger-ui" in text) == address.endswith("/reference")


def test_the_english_specification_is_the_file_itself(client):
    served = client.get("/docs/en/openapi.yaml")
    assert served.data == client.get("/api/v1/openapi.yaml").data
    assert served.mimetype == "application/yaml"


def test_search_engines_may_read_the_documentation_and_nothing_else(client):
    lines = client.get("/robots.txt").text.splitlines()
    assert [line for line in lines if line.startswith("Disallow")] == ["Disallow: /"]
    assert "Allow: /docs/" in lines


@pytest.mark.parametrize("name", [*GUIDES, "errors"])
def test_a_guide_is_one_guide_in_two_languages(app, name):
    made = {}
    for code in LANGUAGES:
        with app.test_request_context("/"), speaking(code):
            made[code] = load(name, code)
    english, ukrainian = made["en"], made["uk"]
    assert [(one.level, one.anchor) for one in english.headings] == [
        (one.level, one.anchor) for one in ukrainian.headings
    ]
    for text in made.values():
        assert text.title
        assert text.summary
    assert not re.search("[а-яіїєґ]", str(english.html) + english.summary, re.IGNORECASE)
    assert re.search("[а-яіїєґ]", ukrainian.title)


def test_every_file_is_a_page():
    for code in LANGUAGES:
        names = {path.stem for path in (FOLDER / code).iterdir()}
        assert names == {*GUIDES, "errors"}
