"""Rules every template keeps, whoever writes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.config import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TAG = re.compile(r"<[a-z](?:[^<>{]|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})*>", re.S)
# Pages that caches keep hold nothing that differs from answer to answer, so no nonce: their scripts
# are allowed as files of this site, and nothing on them asks the server (no htmx).
KEPT_BY_CACHES = ROOT / "templates" / "docs"
ACTION = re.compile(r"\bhx-(?:get|post|put|patch|delete|action|sse)\b")


@pytest.fixture(params=TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def path(request) -> Path:
    return request.param


@pytest.fixture
def text(path) -> str:
    return path.read_text()


def test_no_style_and_no_handler_in_markup(text):
    for tag in TAG.findall(text):
        assert not re.search(r"\s(?:style|on[a-z]+)=", tag), tag
        assert not re.search(r"\s(?:hx-on|hx-vals=.js|href=.javascript)", tag), tag
    assert "<style" not in text


def test_scripts_are_files_with_the_nonce_or_data(path, text):
    kept = path.is_relative_to(KEPT_BY_CACHES)
    for tag in re.findall(r"<script[^>]*>", text):
        data = 'type="application/json"' in tag
        ours = "asset_url(" in tag or "signing_widget()" in tag
        assert data or (("nonce=" in tag) != kept and ours), tag
    assert not kept or not re.search(r"\bhx-|csp_nonce|csrf|request_id|viewer", text)


def test_each_element_that_asks_carries_the_nonce(text):
    for tag in TAG.findall(text):
        if ACTION.search(tag):
            assert 'hx-nonce="{{ csp_nonce() }}"' in tag, tag


def test_each_form_that_changes_something_carries_the_token(text):
    """Those of public pages have none: no session stands behind them."""
    public = '{% extends "open_data/base.html" %}' in text
    for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.S):
        assert ("csrf()" in form) != public, form


def test_nothing_comes_from_elsewhere(text):
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text)


def test_no_text_is_marked_safe(text):
    assert "|safe" not in text.replace(" ", "")
