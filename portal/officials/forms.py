"""Fields of the forms on which roles are proposed."""

from __future__ import annotations

from portal import db
from portal.officials import words
from portal.registry.forms import Field
from portal.web.i18n import gettext

PERSON = ("name_uk", "name_en", "organisation_uk", "organisation_en", "tax_number")


def person_fields() -> list[Field]:
    """Who is invited."""
    return [
        Field("name_uk", gettext("Name in Ukrainian"), required=True),
        Field("name_en", gettext("Name in English"), required=True),
        Field("organisation_uk", gettext("Organisation, in Ukrainian"), required=True),
        Field("organisation_en", gettext("Organisation, in English"), required=True),
        Field(
            "tax_number",
            gettext("Taxpayer number (RNOKPP)"),
            hint=gettext(
                "As the person's certificate has it: by it, and never by the name, the portal knows"
                " who enters."
            ),
            required=True,
        ),
    ]


def role_field(roles: list[db.Row]) -> Field:
    """The role, out of those that the reader appoints to."""
    return Field(
        "role",
        gettext("Role"),
        "select",
        required=True,
        options=tuple((one["code"], words.name_of(one)) for one in roles),
    )


def term_fields() -> list[Field]:
    """From when and until when."""
    return [
        Field(
            "from", gettext("From"), "moment", hint=gettext("Empty: as soon as it is confirmed.")
        ),
        Field("until", gettext("Until"), "moment", hint=gettext("Empty: without an end.")),
    ]


def reason_field(required: bool = True) -> Field:
    """Why."""
    return Field(
        "reason",
        gettext("Reason"),
        "area",
        hint=gettext("The order or the document it rests on. It stays in the history."),
        required=required,
    )
