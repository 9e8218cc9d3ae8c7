"""Passkeys: a device of a staff member proves who they are, in place of a link by mail.

A challenge works once, for five minutes, in the browser that it was given to, and for what it was given for.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.db.calls import call
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.kit.text import clean_name
from handled.tables import Passkey, StaffMember
from handled.tenants.staff_login import LoggedIn

if TYPE_CHECKING:
    from webauthn.registration.verify_registration_response import VerifiedRegistration

CHALLENGE_LIFE = timedelta(minutes=5)
MOST_PASSKEYS = 20
TO_LOG_IN = "log in"

_LONGEST_NAME = 60
_LONGEST_TOKEN = 100
_REMEMBER = """
with gone as (delete from passkey_challenges where expires_at <= %s)
insert into passkey_challenges (token_hash, expires_at) values (%s, %s) returning 1
"""
_USE = "delete from passkey_challenges where token_hash = %s and expires_at > %s returning 1"
_OF_PASSKEY = "select tenant_of_passkey(%s)"

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Site:
    """Where browsers find us: scheme, host and port, as in `https://book.example.com`."""

    origin: str

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""

    @property
    def has_passkeys(self) -> bool:
        """Browsers bind passkeys to a name, never to a number."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return bool(self.host)
        return False


async def new_challenge(engine: AsyncEngine, purpose: str) -> tuple[str, bytes]:
    """A secret for the browser's cookie, and the challenge that follows from it."""
    token, now = ids.new_token(32), clock.now()
    await call(engine, _REMEMBER, now, _hash(token), now + CHALLENGE_LIFE)
    return token, _challenge(token, purpose)


async def use_challenge(engine: AsyncEngine, token: str, purpose: str) -> bytes:
    """The challenge that this browser was given: it is worth nothing from now on. Raises HandledError
    `stale_challenge`."""
    known = await call(engine, _USE, _hash(token), clock.now()) if 0 < len(token) <= _LONGEST_TOKEN else None
    if known is None:
        raise HandledError("stale_challenge", "That took too long, or was done before. Please try again.", 409)
    return _challenge(token, purpose)


def to_add(who: LoggedIn) -> str:
    """The purpose of a challenge for a new passkey of theirs."""
    return f"add {who.tenant_id} {who.id} {who.session_id}"


async def list_passkeys(session: AsyncSession, who: LoggedIn) -> Sequence[Passkey]:
    found = await session.scalars(
        select(Passkey)
        .where(Passkey.tenant_id == who.tenant_id, Passkey.staff_member_id == who.id)
        .order_by(Passkey.created_at, Passkey.id)
    )
    return found.all()


async def creation_options(session: AsyncSession, who: LoggedIn, site: Site, challenge: bytes) -> dict[str, Any]:
    """What a browser needs to make a passkey. Raises HandledError `too_many_passkeys`."""
    there = await list_passkeys(session, who)
    if len(there) >= MOST_PASSKEYS:
        raise HandledError("too_many_passkeys", "That is enough of them: remove one that you do not use.", 409)
    return await asyncio.to_thread(_creation_options, who, site, challenge, [each.credential_id for each in there])


async def add(
    session: AsyncSession, who: LoggedIn, site: Site, challenge: bytes, credential: str, name: str
) -> Passkey:
    """Keep a new passkey, which logs in from now on. Raises HandledError `invalid_passkey`, `invalid_name`."""
    name = clean_name(name, _LONGEST_NAME)
    made = await _checked(_verified_registration, credential, challenge, site)
    passkey = Passkey(
        tenant_id=who.tenant_id,
        id=ids.new_id(),
        staff_member_id=who.id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name,
    )
    session.add(passkey)
    try:
        await session.flush()
    except IntegrityError:
        raise _invalid() from None
    return passkey


async def request_options(site: Site, challenge: bytes) -> dict[str, Any]:
    """What a browser needs to log in with a passkey, whosever it is."""
    return await asyncio.to_thread(_request_options, site, challenge)


async def tenant_of(engine: AsyncEngine, credential: str) -> UUID:
    """The business whose passkey it says it is. Raises HandledError `invalid_passkey`."""
    found = await call(engine, _OF_PASSKEY, await _checked(_credential_id, credential))
    if found is None or found[0] is None:
        raise _invalid()
    return found[0]


async def log_in(session: AsyncSession, tenant_id: UUID, site: Site, challenge: bytes, credential: str) -> StaffMember:
    """Who has proved with it that they are there. Raises HandledError `invalid_passkey`."""
    query = (
        select(Passkey, StaffMember)
        .join(StaffMember, (StaffMember.tenant_id == Passkey.tenant_id) & (StaffMember.id == Passkey.staff_member_id))
        .where(
            Passkey.tenant_id == tenant_id,
            Passkey.credential_id == await _checked(_credential_id, credential),
            StaffMember.active,
        )
        .with_for_update(of=Passkey)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise _invalid()
    passkey, member = row[0], row[1]
    known = (passkey.public_key, passkey.sign_count)
    passkey.sign_count = await _checked(_verified_count, credential, challenge, site, *known, member.id)
    passkey.used_at = clock.now()
    return member


async def rename(session: AsyncSession, who: LoggedIn, passkey_id: UUID, name: str) -> None:
    """Raises HandledError `not_found`, `invalid_name`."""
    (await _own(session, who, passkey_id)).name = clean_name(name, _LONGEST_NAME)


async def remove(session: AsyncSession, who: LoggedIn, passkey_id: UUID) -> Passkey:
    """It logs nobody in any more. Raises HandledError `not_found`."""
    passkey = await _own(session, who, passkey_id)
    await session.execute(delete(Passkey).where(Passkey.tenant_id == who.tenant_id, Passkey.id == passkey_id))
    return passkey


async def _own(session: AsyncSession, who: LoggedIn, passkey_id: UUID) -> Passkey:
    passkey = await session.get(Passkey, (who.tenant_id, passkey_id))
    if passkey is None or passkey.staff_member_id != who.id:
        raise HandledError("not_found", "There is no such passkey.", 404)
    return passkey


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _challenge(token: str, purpose: str) -> bytes:
    return hashlib.sha256(f"passkey challenge to {purpose}: {token}".encode()).digest()


def _invalid() -> HandledError:
    return HandledError("invalid_passkey", "This passkey does not open a dashboard here.", 422)


# The library takes most of a second to load, and its signatures are arithmetic: all of it stays off the loop.


async def _checked(check: Callable[..., Found], *given: Any) -> Found:
    """What `check` finds, in a thread. Whatever is wrong with what a browser has sent is one answer."""
    return await asyncio.to_thread(_or_invalid, check, *given)


def _or_invalid(check: Callable[..., Found], *given: Any) -> Found:
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return check(*given)
    except (WebAuthnException, ValueError, TypeError, LookupError, AttributeError, struct.error, EOFError):
        raise _invalid() from None


def _creation_options(who: LoggedIn, site: Site, challenge: bytes, there: list[bytes]) -> dict[str, Any]:
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.host,
        user_id=who.id.bytes,
        user_name=who.email,
        user_display_name=who.name,
        challenge=challenge,
        timeout=int(CHALLENGE_LIFE.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in there],
    )
    return json.loads(options_to_json(options))


def _request_options(site: Site, challenge: bytes) -> dict[str, Any]:
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        timeout=int(CHALLENGE_LIFE.total_seconds() * 1000),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return json.loads(options_to_json(options))


def _verified_registration(credential: str, challenge: bytes, site: Site) -> VerifiedRegistration:
    from webauthn import verify_registration_response

    return verify_registration_response(
        credential=credential,
        expected_challenge=challenge,
        expected_rp_id=site.host,
        expected_origin=site.origin,
        require_user_verification=True,
    )


def _credential_id(credential: str) -> bytes:
    from webauthn.helpers import parse_authentication_credential_json

    return parse_authentication_credential_json(credential).raw_id


def _verified_count(
    credential: str, challenge: bytes, site: Site, public_key: bytes, sign_count: int, member_id: UUID
) -> int:
    from webauthn import verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json

    said = parse_authentication_credential_json(credential)
    if said.response.user_handle not in (None, member_id.bytes):
        raise _invalid()
    return verify_authentication_response(
        credential=said,
        expected_challenge=challenge,
        expected_rp_id=site.host,
        expected_origin=site.origin,
        credential_public_key=public_key,
        credential_current_sign_count=sign_count,
        require_user_verification=True,
    ).new_sign_count
