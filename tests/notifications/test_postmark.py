"""Mail handed to a Postmark that checks it as the real one does, and answers what the test says."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from handled.adapters import create_sender
from handled.notifications.email import Mail, PermanentFailure, TemporaryFailure
from handled.notifications.email.postmark import PostmarkSender
from handled.settings import Settings
from tests.twins.postmark import TOKEN, Postmark, Trouble, address_in


@pytest.fixture
async def postmark() -> AsyncIterator[Postmark]:
    async with Postmark.running() as twin:
        yield twin


@pytest.fixture
def sender(postmark: Postmark) -> PostmarkSender:
    return PostmarkSender(TOKEN, url=postmark.url, timeout=5)


async def test_an_accepted_mail_arrives_whole_and_gives_postmarks_id(
    sender: PostmarkSender, postmark: Postmark, confirmed: Mail
) -> None:
    assert await sender.send(confirmed) == "00000000-0000-4000-9000-000000000001"
    [sent] = postmark.accepted
    assert sent["From"] == '"Juniper & Oak Hair Studio" <bookings@mail.example>'
    assert sent["To"] == '"Anna Núñez" <anna@example.com>'
    assert sent["ReplyTo"] == '"Juniper & Oak Hair Studio" <hello@juniper.example>'
    assert (sent["Subject"], sent["HtmlBody"], sent["TextBody"]) == (confirmed.subject, confirmed.html, confirmed.text)
    assert sent["MessageStream"] == "outbound"
    assert (sent["TrackOpens"], sent["TrackLinks"]) == (False, "None")


async def test_our_message_id_is_kept_and_further_headers_go_along(
    sender: PostmarkSender, postmark: Postmark, confirmed: Mail
) -> None:
    await sender.send(confirmed)
    headers = {each["Name"]: each["Value"] for each in postmark.accepted[0]["Headers"]}
    assert headers["Message-ID"] == confirmed.message_id
    assert headers["X-PM-KeepID"] == "true"
    assert headers["Auto-Submitted"] == "auto-generated"


async def test_the_invite_is_attached_as_what_a_calendar_understands(
    sender: PostmarkSender, postmark: Postmark, confirmed: Mail
) -> None:
    await sender.send(replace(confirmed, ics_method="CANCEL"))
    [invite] = postmark.accepted[0]["Attachments"]
    assert (invite["Name"], invite["ContentType"]) == ("invite.ics", "text/calendar; charset=utf-8; method=CANCEL")
    assert base64.b64decode(invite["Content"]) == confirmed.ics
    await sender.send(replace(confirmed, ics=None))
    assert postmark.accepted[1]["Attachments"] == []


@pytest.mark.parametrize(
    "name",
    ["Núñez, Ana <eve@example.com>", "eve@example.com, x", 'Anna "the knife"', "a\\", 'x" <eve@example.com>', ""],
)
async def test_a_name_never_becomes_a_second_address(
    sender: PostmarkSender, postmark: Postmark, confirmed: Mail, name: str
) -> None:
    await sender.send(replace(confirmed, to_name=name))
    assert address_in(postmark.accepted[0]["To"]) == "anna@example.com"


async def test_an_inactive_recipient_is_permanent_and_the_next_mail_goes_out(
    sender: PostmarkSender, postmark: Postmark, confirmed: Mail
) -> None:
    postmark.inactive.add("anna@example.com")
    with pytest.raises(PermanentFailure, match=r"422 406 .*inactive"):
        await sender.send(confirmed)
    await sender.send(replace(confirmed, to_address="bob@example.com"))
    assert [address_in(each["To"]) for each in postmark.accepted] == ["bob@example.com"]


@pytest.mark.parametrize(("status", "code"), [(422, 300), (422, 406), (422, 411), (413, 0)])
async def test_what_is_wrong_with_the_mail_is_permanent(
    sender: PostmarkSender, postmark: Postmark, confirmed: Mail, status: int, code: int
) -> None:
    postmark.replies = [(status, code)]
    with pytest.raises(PermanentFailure, match=f"{status}"):
        await sender.send(confirmed)


@pytest.mark.parametrize(
    ("status", "code"),
    [(429, 429), (500, 0), (502, 0), (503, 100), (504, 0), (408, 0), (404, 0), (301, 0), (200, 100)],
)
async def test_what_may_pass_is_temporary(
    sender: PostmarkSender, postmark: Postmark, confirmed: Mail, status: int, code: int
) -> None:
    postmark.replies = [(status, code)]
    with pytest.raises(TemporaryFailure, match=f"{status}"):
        await sender.send(confirmed)
    assert await sender.send(confirmed)


@pytest.mark.parametrize("code", [400, 401, 405, 412, 413, 1235])
async def test_what_is_wrong_with_our_account_is_not_the_mails_fault(
    sender: PostmarkSender, postmark: Postmark, confirmed: Mail, code: int
) -> None:
    postmark.replies = [(422, code)]
    with pytest.raises(TemporaryFailure, match=f"{code}"):
        await sender.send(confirmed)


async def test_a_wrong_token_is_temporary_and_not_repeated_in_the_error(postmark: Postmark, confirmed: Mail) -> None:
    wrong = PostmarkSender("s3cret-token", url=postmark.url, timeout=5)
    with pytest.raises(TemporaryFailure, match="401 10") as caught:
        await wrong.send(confirmed)
    assert "s3cret" not in str(caught.value) + repr(wrong)
    assert postmark.accepted == []


@pytest.mark.parametrize("trouble", ["cut", "garbage", "list"])
async def test_no_answer_that_makes_sense_is_temporary(
    sender: PostmarkSender, postmark: Postmark, confirmed: Mail, trouble: Trouble
) -> None:
    postmark.replies = [trouble]
    with pytest.raises(TemporaryFailure, match="Postmark"):
        await sender.send(confirmed)


async def test_an_answer_that_never_comes_is_given_up(postmark: Postmark, confirmed: Mail) -> None:
    postmark.replies = ["hang"]
    with pytest.raises(TemporaryFailure, match="Timeout"):
        await PostmarkSender(TOKEN, url=postmark.url, timeout=0.2).send(confirmed)


async def test_nobody_listening_is_temporary(confirmed: Mail) -> None:
    async with Postmark.running() as gone:
        pass
    with pytest.raises(TemporaryFailure, match="Postmark"):
        await PostmarkSender(TOKEN, url=gone.url, timeout=5).send(confirmed)


async def test_a_mail_that_may_have_been_taken_is_the_same_one_again(
    sender: PostmarkSender, postmark: Postmark, confirmed: Mail
) -> None:
    postmark.replies = ["cut after taking it"]
    with pytest.raises(TemporaryFailure):
        await sender.send(confirmed)
    await sender.send(confirmed)
    first, second = postmark.accepted
    assert first == second


async def test_a_stream_of_ones_own_is_used(postmark: Postmark, confirmed: Mail) -> None:
    postmark.streams = ("bookings",)
    with pytest.raises(TemporaryFailure, match="1235"):
        await PostmarkSender(TOKEN, url=postmark.url).send(confirmed)
    await PostmarkSender(TOKEN, "bookings", url=postmark.url).send(confirmed)
    assert len(postmark.accepted) == 1


def test_a_token_in_the_settings_chooses_postmark(settings: Settings) -> None:
    chosen = {"postmark_token": SecretStr(TOKEN), "postmark_stream": "bookings"}
    sender, mailbox = create_sender(settings.model_copy(update=chosen))
    assert sender == PostmarkSender(TOKEN, "bookings")
    assert mailbox is None
