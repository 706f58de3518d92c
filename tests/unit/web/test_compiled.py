"""Compiled templates are kept for the next process where only we can write, and are never stale."""

from __future__ import annotations

import os
from pathlib import Path

import jinja2
import pytest
from flask import Flask

from portal.config import settings
from portal.web import compiled


@pytest.fixture(autouse=True)
def instance(tmp_path, monkeypatch):
    """An instance without a folder of its own yet."""
    monkeypatch.setenv("DOZIR_HOME", str(tmp_path))
    settings.cache_clear()
    return settings().instance_dir


def environment(source: str = "{{ 1 + given }}", kept: Path | None = None) -> jinja2.Environment:
    place = kept or compiled.folder()
    assert place
    return jinja2.Environment(
        loader=jinja2.DictLoader({"page": source}),
        bytecode_cache=compiled.Kept(place),
        autoescape=True,
    )


def shown(made: jinja2.Environment) -> str:
    return made.get_template("page").render(given=2)


@pytest.fixture
def never_compiles(monkeypatch):
    """Whoever compiles from now on fails."""

    def refuse(*_, **__):
        raise AssertionError("compiled anew")

    return lambda: monkeypatch.setattr(jinja2.Environment, "compile", refuse)


def test_the_next_process_need_not_compile(never_compiles):
    assert shown(environment()) == "3"
    never_compiles()
    assert shown(environment()) == "3"


def test_a_changed_template_is_compiled(never_compiles):
    shown(environment())
    assert shown(environment("{{ 2 + given }}")) == "4"
    never_compiles()
    with pytest.raises(AssertionError, match="compiled anew"):
        shown(environment("{{ 3 + given }}"))


@pytest.mark.parametrize("damage", [b"", b"\0" * 500, None], ids=["empty", "zeros", "half"])
def test_what_is_damaged_is_compiled_anew_and_mended(damage, never_compiles):
    shown(environment())
    [path] = compiled.folder().iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    assert shown(environment()) == "3"
    never_compiles()
    assert shown(environment()) == "3"


def test_only_we_may_read_or_write_it(instance):
    shown(environment())
    modes = {path.stat().st_mode & 0o777 for path in (instance / "templates").iterdir()}
    assert modes == {0o700}
    assert {path.stat().st_mode & 0o777 for path in compiled.folder().iterdir()} == {0o600}


@pytest.mark.parametrize("which", ["templates", "version"])
@pytest.mark.parametrize("mode", [0o770, 0o707, 0o722])
def test_where_others_may_write_nothing_is_taken(instance, which, mode):
    own = compiled.folder()
    (own if which == "version" else own.parent).chmod(mode)
    assert compiled.folder() is None


def test_a_link_is_not_followed(instance, tmp_path):
    instance.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (instance / "templates").symlink_to(tmp_path / "elsewhere")
    assert compiled.folder() is None


def test_a_folder_of_somebody_else_is_not_used(monkeypatch):
    assert compiled.folder()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert compiled.folder() is None


def test_a_place_that_cannot_be_made_is_done_without(instance):
    instance.parent.mkdir(parents=True)
    instance.write_text("a file")
    assert compiled.folder() is None


def test_what_cannot_be_written_is_shown_nevertheless(tmp_path):
    assert shown(environment(kept=tmp_path / "gone")) == "3"


def test_those_of_an_earlier_version_go(monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(compiled, "version", lambda: "earlier")
        shown(environment())
        before = compiled.folder()
    shown(environment())
    assert [path.name for path in before.parent.iterdir()] == [compiled.version()]


def test_an_application_keeps_its_templates_unless_told_otherwise():
    plain = Flask(__name__)
    plain.jinja_options = {}
    compiled.init_app(plain)
    assert isinstance(plain.jinja_env.bytecode_cache, compiled.Kept)
    told = Flask(__name__)
    told.jinja_options = {"bytecode_cache": (mine := compiled.Kept(Path("/nowhere")))}
    compiled.init_app(told)
    assert told.jinja_env.bytecode_cache is mine
