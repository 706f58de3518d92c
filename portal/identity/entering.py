"""Signing in, apart from its pages: a challenge, its answer, and for whom its signer may act.

What is known between the steps lies in the browser's signed cookie: number of the challenge, of the
signature that counted, and where the visitor wanted to go.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from flask import session
from psycopg.types.json import Jsonb

from portal import db
from portal.identity import challenges, demo_signers, evidence, login
from portal.identity.challenges import LOGIN, Challenge
from portal.identity.signatures.reasons import Refused, Verdict
from portal.web.i18n import lazy_gettext

CHALLENGE, SIGNED, NUMBERED, NEXT = "challenge", "signed", "numbered", "next"
OVERTAKEN = {"DZP04"}


class NoChallenge(Exception):
    """The challenge is over, was answered already, or belongs to another browser or purpose."""


@dataclass(frozen=True)
class Refusal:
    """Why an answer did not count: ``code`` of a reason or of the challenge, and its sentence."""

    code: str
    verdict: Verdict
    text: str


OVER = lazy_gettext(
    "The text that you signed does not count any more: it is over, was used already, or was given"
    " to another browser. Sign the new one below."
)
NO_TEXT = lazy_gettext("Choose the file with your signature, or paste it.")


def challenge() -> Challenge:
    """What this browser is to sign: the one it was given, while it lasts, else a new one."""
    browser = challenges.visitor()
    with db.portal() as conn:
        known = challenges.find(conn, session.get(CHALLENGE), LOGIN, browser, trying=False)
        if known is None or challenges.login_words()[0] not in known.content:
            known = challenges.issue(conn, LOGIN, browser, challenges.login_words())
    session[CHALLENGE] = str(known.id)
    return known


def renew() -> Challenge:
    """A new challenge in place of the one that this browser was given."""
    session.pop(CHALLENGE, None)
    return challenge()


def answer(number: object, signature: bytes) -> int:
    """Judge and keep the answer to a challenge; the number of the signature that is kept.

    Raises NoChallenge, Refused, Unready.
    """
    browser = challenges.visitor()
    with db.portal() as conn:
        given = challenges.find(conn, number, LOGIN, browser, trying=True)
    if given is None:
        raise NoChallenge
    found = evidence.judge(signature, given.data)  # no connection is held meanwhile
    with db.portal() as conn:
        kept = _keep(conn, given, browser, found)
    session.pop(CHALLENGE, None)
    session[SIGNED], session[NUMBERED] = kept, found.rnokpp is not None
    return kept


def people(signature: int) -> list[db.Row]:
    """As whom the signer may enter; those who are locked are marked. Raises NoChallenge."""
    try:
        with db.portal() as conn:
            return db.call(conn, "api.signed_people", signature, challenges.visitor())
    except psycopg.Error as problem:
        if problem.sqlstate in OVERTAKEN:
            raise NoChallenge from problem
        raise


def enter(signature: int, person_id: int) -> None:
    """Begin a session as one of :func:`people`. Raises NoChallenge, PermissionError."""
    try:
        with db.portal(noted=True) as conn:
            login.begin(conn, signature, challenges.visitor(), person_id)
    except psycopg.Error as problem:
        _not_entered(problem)


def apply_as_newcomer(signature: int) -> None:
    """Begin a session as somebody who applies. Raises NoChallenge, PermissionError."""
    try:
        with db.portal(noted=True) as conn:
            browser = challenges.visitor()
            made = db.call_value(conn, "api.apply_as_newcomer", signature, browser)
            login.begin(conn, signature, browser, made)
    except psycopg.Error as problem:
        _not_entered(problem)


def enter_as_demo(person_id: int, algorithm: str) -> None:
    """Have the demo authority's key of an identity sign a challenge, and enter by that signature.

    Raises PermissionError where there is no such identity or no demonstration; Unready, Refused.
    """
    browser = challenges.visitor()
    try:
        with db.portal(noted=True) as conn:
            row = demo_signers.identity(conn, person_id)
            if row is None:
                raise PermissionError
            given = challenges.issue(conn, LOGIN, browser, challenges.login_words())
            signature = demo_signers.sign(row, algorithm, given.data)
            kept = _keep(conn, given, browser, evidence.judge(signature, given.data))
            login.begin(conn, kept, browser, person_id)
    except psycopg.Error as problem:
        _not_entered(problem)


def refusal(problem: Refused | NoChallenge) -> Refusal:
    """What a page says of an answer that did not count."""
    if isinstance(problem, NoChallenge):
        return Refusal("challenge_over", Verdict.INVALID, str(OVER))
    verdict, text = evidence.told(problem)
    return Refusal(problem.code, verdict, text)


def note_refusal(why: Refusal) -> None:
    """Note in the trail that somebody was not let in; of very many in a minute the number alone."""
    with db.portal(noted=True) as conn:
        facts = Jsonb({"reason": why.code, "verdict": why.verdict})
        db.call(conn, "api.note", "login_refused", None, None, facts)


def _keep(conn: db.Connection, given: Challenge, browser: bytes, found: evidence.Evidence) -> int:
    try:
        kept: int = db.call_value(conn, "api.accept_login", given.id, browser, *found.parameters())
    except psycopg.Error as problem:
        if problem.sqlstate in OVERTAKEN:
            raise NoChallenge from problem
        raise
    return kept


def _not_entered(problem: psycopg.Error) -> None:
    if problem.sqlstate in {"DZP01", "DZP02"}:
        raise PermissionError from problem
    if problem.sqlstate in OVERTAKEN:
        raise NoChallenge from problem
    raise problem
