"""Trusted lists: whose signature counts, which services do, and when a list is out of date."""

from __future__ import annotations

import base64
import hashlib
import random
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from asn1crypto import pem
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml import methods
from signxml.xades import XAdESSigner

from portal.identity.signatures import trust, trusted_list
from portal.identity.signatures.commands import signature
from portal.identity.signatures.trusted_list import ListRefused
from tests.support import pki
from tests.support.pki import DAY, NOW, judged

ETSI = "http://uri.etsi.org/TrstSvc/"
UKRAINE = "http://czo.gov.ua/TrstSvc/"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def signer(name: str = "operator", kind: str = "rsa") -> tuple[Key, x509.Certificate]:
    key: Key = (
        rsa.generate_private_key(65537, 2048)
        if kind == "rsa"
        else ec.generate_private_key(ec.SECP256R1())
    )
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .sign(key, hashes.SHA256())
    )
    return key, made


def service(
    der: bytes,
    *,
    kind: str = f"{ETSI}Svctype/CA/QC",
    state: str = f"{ETSI}TrustedList/Svcstatus/granted",
    since: datetime = NOW - 100 * DAY,
    information: str = f"{ETSI}TrustedList/SvcInfoExt/ForeSignatures",
    history: str = "",
) -> str:
    return f"""<TSPService><ServiceInformation>
      <ServiceTypeIdentifier>{kind}</ServiceTypeIdentifier>
      <ServiceName><Name xml:lang="uk">Центр</Name></ServiceName>
      <ServiceDigitalIdentity><DigitalId><X509Certificate>{base64.b64encode(der).decode()}
      </X509Certificate></DigitalId></ServiceDigitalIdentity>
      <ServiceStatus>{state}</ServiceStatus>
      <StatusStartingTime>{since.isoformat()}</StatusStartingTime>
      <ServiceInformationExtensions><Extension Critical="true"><AdditionalServiceInformation>
      <URI xml:lang="en">{information}</URI></AdditionalServiceInformation></Extension>
      </ServiceInformationExtensions></ServiceInformation>
      <ServiceHistory>{history}</ServiceHistory></TSPService>"""


def document(
    *services: str, sequence: int = 5, next_update: datetime = NOW + 30 * DAY,
    issued: datetime = NOW - DAY,
) -> bytes:  # fmt: skip
    """A list as XML, not signed."""
    body = "".join(services) or service(pki.pki().root.certificate.der)
    return f"""<TrustServiceStatusList xmlns="{trusted_list.NAMESPACE}" Id="list"
      TSLTag="http://uri.etsi.org/19612/TSLTag"><SchemeInformation>
      <TSLSequenceNumber>{sequence}</TSLSequenceNumber>
      <ListIssueDateTime>{issued.isoformat()}</ListIssueDateTime>
      <NextUpdate><dateTime>{next_update.isoformat()}</dateTime></NextUpdate>
      </SchemeInformation><TrustServiceProviderList><TrustServiceProvider><TSPServices>{body}
      </TSPServices></TrustServiceProvider></TrustServiceProviderList></TrustServiceStatusList>
      """.encode()


def signed(data: bytes, name: str = "operator", kind: str = "rsa") -> bytes:
    key, certificate = signer(name, kind)
    maker = XAdESSigner(
        method=methods.enveloped,
        signature_algorithm="rsa-sha256" if kind == "rsa" else "ecdsa-sha256",
        digest_algorithm="sha256",
        c14n_algorithm="http://www.w3.org/2006/12/xml-c14n11",
    )
    made = maker.sign(etree.fromstring(data), key=key, cert=[certificate])
    return etree.tostring(made)


def read(data: bytes, name: str = "operator", kind: str = "rsa") -> trusted_list.TrustedList:
    return trusted_list.read(data, [signer(name, kind)[1]])


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_signed_list(kind: str) -> None:
    found = read(signed(document(), kind=kind), kind=kind)
    assert found.sequence == 5
    assert found.next_update == NOW + 30 * DAY
    assert found.anchors(NOW) == [pki.pki().root.certificate]
    assert found.services[0].name == "Центр"


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"kind": f"{UKRAINE}Svctype/National-CA/QC",
          "state": f"{UKRAINE}TrustedList/Svcstatus/recognisedatnationallevel"}, True),
        ({"kind": f"{UKRAINE}Svctype/CA/QC",
          "state": f"{UKRAINE}TrustedList/Svcstatus/granted"}, True),
        ({"state": f"{UKRAINE}TrustedList/Svcstatus/withdrawn"}, False),
        ({"state": f"{ETSI}TrustedList/Svcstatus/withdrawn"}, False),
        ({"kind": f"{ETSI}Svctype/TSA/QTST"}, False),
        ({"kind": f"{UKRAINE}Svctype/National-Certstatus/OCSP"}, False),
        ({"information": f"{ETSI}TrustedList/SvcInfoExt/ForeSeals"}, False),
        ({"since": NOW + DAY}, False),
    ],
)  # fmt: skip
def test_which_services_count(changes: dict[str, str], *, counts: bool) -> None:
    certificate = pki.pki().root.certificate
    found = read(signed(document(service(certificate.der, **changes))))  # type: ignore[arg-type]
    assert found.anchors(NOW) == ([certificate] if counts else [])


def test_states_have_their_time() -> None:
    history = f"""<ServiceHistoryInstance>
      <ServiceStatus>{ETSI}TrustedList/Svcstatus/granted</ServiceStatus>
      <StatusStartingTime>{(NOW - 50 * DAY).isoformat()}</StatusStartingTime>
      </ServiceHistoryInstance>"""
    one = service(
        pki.pki().root.certificate.der, since=NOW - 10 * DAY, history=history,
        state=f"{ETSI}TrustedList/Svcstatus/withdrawn",
    )  # fmt: skip
    found = read(signed(document(one)))
    assert found.anchors(NOW) == []
    assert len(found.anchors(NOW - 20 * DAY)) == 1
    assert found.anchors(NOW - 60 * DAY) == []


def test_whose_signature_counts() -> None:
    with pytest.raises(ListRefused, match="does not hold"):
        read(signed(document(), "somebody"))
    with pytest.raises(ListRefused, match="does not hold"):
        read(document())
    with pytest.raises(ListRefused, match="does not hold"):
        trusted_list.read(signed(document()), [])


def test_what_was_altered() -> None:
    made = signed(document())
    for old, new in (
        (b"Svcstatus/granted", b"Svcstatus/grantee"),
        (b">5<", b">6<"),
        (base64.b64encode(pki.pki().root.certificate.der)[:40],
         base64.b64encode(pki.pki(number=1).root.certificate.der)[:40]),
    ):  # fmt: skip
        assert old in made
        if old != new:
            with pytest.raises(ListRefused):
                read(made.replace(old, new))


def test_a_sound_list_wrapped_in_another_one() -> None:
    """The signature holds over what is inside; the list outside is somebody's own."""
    inner = signed(document())
    foreign = document(service(pki.pki(number=1).root.certificate.der)).decode()
    wrapped = foreign.replace(
        "</TrustServiceStatusList>", inner.decode() + "</TrustServiceStatusList>"
    ).replace('Id="list"', 'Id="outer"', 1)
    try:
        found = read(wrapped.encode())
    except ListRefused:
        return
    assert found.anchors(NOW) == [pki.pki().root.certificate]


def test_a_signature_moved_into_another_list() -> None:
    made = etree.fromstring(signed(document()))
    own = made.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    assert own is not None
    other = etree.fromstring(document(service(pki.pki(number=1).root.certificate.der)))
    other.append(own)
    with pytest.raises(ListRefused):
        read(etree.tostring(other))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<", b"<list/>", b"not xml",
        b'<!DOCTYPE x [<!ENTITY e "x">]><TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#"/>',
        b'<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#"><a Id="1"/><b Id="1"/>'
        b"</TrustServiceStatusList>",
        b"<a>" * 5_000,
    ],
)  # fmt: skip
def test_what_is_no_list(data: bytes) -> None:
    with pytest.raises(ListRefused):
        trusted_list.read(data, [], file_sha256=hashlib.sha256(data).hexdigest())


def test_a_pinned_digest_stands_for_a_signature() -> None:
    """For lists that are signed by DSTU 4145."""
    data = document()
    found = trusted_list.read(data, [], file_sha256=hashlib.sha256(data).hexdigest().upper())
    assert len(found.anchors(NOW)) == 1
    with pytest.raises(ListRefused, match="another digest"):
        trusted_list.read(data + b" ", [], file_sha256=hashlib.sha256(data).hexdigest())


def test_refreshing_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "trust"
    pki.write(folder, pki.pki())
    (folder / "anchors" / "root.cer").unlink()
    person = pki.pki().person()
    assert judged(person.sign(), trust.read(folder)).reason == "chain_untrusted"
    trusted_list.refresh(folder, read(signed(document())), NOW)
    made = trust.read(folder)
    assert made.next_update == NOW + 30 * DAY
    assert judged(person.sign(), made).reason is None
    assert judged(person.sign(), made, moment=NOW + 40 * DAY).reason == "trust_stale"
    for other, why in (
        (document(sequence=4), "was there already"),
        (document(sequence=6, next_update=NOW - timedelta(hours=1)), "due to be renewed"),
        (document(sequence=6, issued=NOW + DAY), "future"),
        (
            document(service(pki.pki().root.certificate.der, state="gone"), sequence=6),
            "no authority",
        ),
    ):
        with pytest.raises(ListRefused, match=why):
            trusted_list.refresh(folder, read(signed(other)), NOW)
        assert trust.read(folder).anchors == made.anchors
    other = pki.pki(number=1).root.certificate
    trusted_list.refresh(folder, read(signed(document(service(other.der), sequence=6))), NOW)
    assert trust.read(folder).anchors == (other,)
    assert judged(person.sign(), trust.read(folder)).reason == "chain_untrusted"


def test_the_command(tmp_path: Path) -> None:
    def run(*words: object) -> tuple[int, str]:
        done = CliRunner().invoke(signature, ["refresh-trust", *map(str, words)])
        return done.exit_code, done.output

    made, folder, own = tmp_path / "list.xml", tmp_path / "trust", tmp_path / "signer.pem"
    made.write_bytes(signed(document()))
    key_der = signer("operator", "rsa")[1].public_bytes(Encoding.DER)
    own.write_bytes(pem.armor("CERTIFICATE", key_der))
    status, told = run(made, "--trust", folder, "--signer", own)
    assert status == 0, told
    assert pki.pki().root.certificate.fingerprint in told
    assert trust.read(folder).anchors == (pki.pki().root.certificate,)
    assert run(made, "--trust", folder)[0] == 2
    assert run(made, "--trust", folder, "--sha256", "00")[0] == 2
    made.write_bytes(document())
    assert run(made, "--trust", folder, "--signer", own)[0] == 2


def test_altered_lists_give_no_other_authorities() -> None:
    """200 alterations anywhere in the file: refused, or without any effect on who is trusted."""
    chance = random.Random(11)
    made = signed(document(), kind="ecdsa")
    sound = read(made, kind="ecdsa")
    refused = 0
    for _ in range(200):
        altered = bytearray(made)
        start = chance.randrange(len(altered))
        match chance.randrange(3):
            case 0:
                altered[start] ^= 1 << chance.randrange(8)
            case 1:
                del altered[start : start + chance.randrange(1, 30)]
            case _:
                piece = altered[chance.randrange(len(altered)) :][: chance.randrange(1, 200)]
                altered[start:start] = piece
        try:
            found = read(bytes(altered), kind="ecdsa")
        except ListRefused:
            refused += 1
        else:
            assert (found.services, found.next_update) == (sound.services, sound.next_update)
    assert refused > 150
