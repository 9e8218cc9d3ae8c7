from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from shop import SHOP

from handled.kit.errors import HandledError
from handled.tenants import config
from handled.tenants.document import TenantDocument
from handled.tenants.hours import Opening


def refusal(text: str) -> list[str]:
    with pytest.raises(HandledError) as caught:
        config.parse(text, "shop.yaml")
    assert caught.value.name == "invalid_config"
    return caught.value.message.splitlines()


def changed(old: str, new: str) -> str:
    assert old in SHOP
    return SHOP.replace(old, new)


def test_what_an_owner_wrote_becomes_canonical():
    shop = config.parse(SHOP, "shop.yaml")
    lesson, festival = shop.services
    assert (shop.locale, shop.currency) == ("en_GB", "EUR")
    assert (lesson.duration, lesson.price, lesson.step, lesson.horizon) == (90, 4550, 15, 90)
    assert (festival.kind, festival.duration, festival.price) == ("whole_day", None, None)
    assert lesson.cancellation.free_until == 1440
    assert shop.hours[:2] == (Opening(0, 540, 720), Opening(0, 780, 1080))
    assert shop.exceptions[1].dates == (date(2030, 12, 24), date(2030, 12, 26))


def test_services_are_performed_by_everybody_unless_they_say_otherwise():
    lesson, festival = config.parse(SHOP, "shop.yaml").services
    assert (lesson.resources, festival.resources) == (("ana", "rui"), ("rui",))


def test_a_business_without_resources_is_one_itself():
    text = "slug: a\nname: Ana\ncontact_email: a@example.com\ntimezone: UTC\nlocale: en\ncurrency: JPY\nhours: {daily: 9-17}\n"
    shop = config.parse(text + "services: [{key: tea, name: Tea, duration: 20, price: 1500}]", "a.yaml")
    assert [(each.key, each.name) for each in shop.resources] == [("main", "Ana")]
    assert (shop.services[0].resources, shop.services[0].price) == (("main",), 1500)


def test_json_is_read_as_well():
    text = (
        '{"slug": "a", "name": "A", "contact_email": "a@example.com", "timezone": "UTC", "locale": "en",'
        ' "currency": "USD", "hours": {"monday": "9:00-17:00"}}'
    )
    assert config.parse(text, "body").hours == (Opening(0, 540, 1020),)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("Europe/Lisbon", "Europe/Lisboa", 'shop.yaml:4: timezone: "Europe/Lisboa" is not a time zone; did you mean "Europe/Lisbon"?'),
        ("currency: eur", "currency: euro", 'shop.yaml:6: currency: "euro" is not a currency; did you mean "EUR"?'),
        ("locale: en-GB", "locale: klingon", 'shop.yaml:5: locale: "klingon" is not a locale; write it as en_US, en_GB or es_ES'),
        ("desk@example.com", "desk", 'shop.yaml:3: contact_email: "desk" is not an email address: An email address must have an @-sign.'),
        ("slug: paper-crane", "slug: Paper Crane", 'shop.yaml:1: slug: "Paper Crane" is not a key: lower-case letters and digits, with - or _ between them'),
        ("name: Ana", "nane: Ana", 'shop.yaml:9: resources.ana.nane: is not a known field; did you mean "name"?'),
        ("[rui]", "[riu]", 'shop.yaml:37: services.festival.resources.1: "riu" is not the key of a resource; did you mean "rui"?'),
        ("resource: rui", "resource: eva", 'shop.yaml:24: exceptions.3.resource: "eva" is not the key of a resource'),
        ("key: festival", "key: folding", 'shop.yaml:33: services.folding.key: "folding" is already used in line 26'),
        ("price: 45.5", "price: a lot", 'shop.yaml:30: services.folding.price: "a lot" is not an amount of money; write it as 45.00, without sign, currency or commas'),
        ("price: 45.5", "price: 45.505", "shop.yaml:30: services.folding.price: has too many decimals: EUR has 2 decimals; write it as 45.00"),
        ("1 h 30 min", "a while", 'shop.yaml:29: services.folding.duration: "a while" is not a length of time; write it as 45 min, 1 h 30 min, 24 h or 2 days'),
        ("13:00-18:00", "11:00-18:00", "shop.yaml:14: hours.monday-friday: overlaps: 09:00-12:00 and 11:00-18:00"),
        ("13:00-18:00", "18:00-02:00", 'shop.yaml:14: hours.monday-friday: has "18:00-02:00", which ends before it begins; hours past midnight are 20:00-24:00 and, on the next day, 00:00-02:00'),
        ("2030-12-31", "2030-13-31", 'shop.yaml:19: exceptions.2.dates: "2030-13-31" is not a date; write it as 2026-12-24 or 2026-12-24..2026-12-26'),
        ("    hours: 10:00-12:00\n", "", "shop.yaml:19: exceptions.2: needs exactly one of closed: true, hours and blocked"),
        ("fee_percent: 50", "fee_percent: 150", "shop.yaml:31: services.folding.cancellation.fee_percent: is too large: at most 100"),
        ("fee_percent: 50", "fee_percent: 50, fee: 10", "shop.yaml:31: services.folding.cancellation.fee: stands beside fee_percent; give one of the two"),
        ("Are beginners welcome?", "do you sell paper?", 'shop.yaml:41: faq.2.q: "do you sell paper?" is already used in line 39'),
        ("kind: whole_day", "kind: whole_day\n    duration: 8 h", "shop.yaml:36: services.festival.duration: does not go with kind: whole_day, which takes the whole date"),
        ("    kind: whole_day\n", "", "shop.yaml:33: services.festival.duration: is missing; write it as 45 min, or make the service kind: whole_day"),
        ("price: on request", "price: on request\n    payment: full", "shop.yaml:37: services.festival.payment: needs a price to be paid"),
        ("price: 45.5", "price: 45.5\n    payment: deposit\n    deposit: 50", "shop.yaml:32: services.folding.deposit: is more than the price"),
        ("resources: [rui]", "resources: []", "shop.yaml:37: services.festival.resources: names nobody who can perform it"),
        ("friday: 10:00-16:00", "friday: closed", "shop.yaml:12: resources.rui.hours: names no time"),
        ("currency: eur", "currency: eur\nphone:\n  - 1", "shop.yaml:7: phone: is not text; if it is meant as text, put it in quotes"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_field(old: str, new: str, line: str):
    assert refusal(changed(old, new)) == [line]


@pytest.mark.parametrize("color", ["red", "#12345", "7a4a63"])
def test_a_colour_is_a_hex_colour(color: str):
    lines = refusal(SHOP + f"branding:\n  color: '{color}'\n")
    assert lines == [f'shop.yaml:44: branding.color: "{color}" is not a colour; write it in quotes as "#7a4a63"']


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://Example.com", "https://example.com"),
        ("https://example.com:443/", "https://example.com"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://müller.example", "https://xn--mller-kva.example"),
    ],
)
def test_an_origin_is_what_browsers_send(written: str, meant: str):
    assert config.parse(SHOP + f"allowed_origins: ['{written}']\n", "x").allowed_origins == (meant,)


@pytest.mark.parametrize(
    "origin", ["example.com", "https://example.com/shop", "ftp://example.com", "https://*", "null", "https://a:b@c.de"]
)
def test_anything_else_is_no_origin(origin: str):
    (line,) = refusal(SHOP + f"allowed_origins: ['{origin}']\n")
    assert line.startswith(f'shop.yaml:43: allowed_origins.1: "{origin}" is not a web origin')


def test_every_mistake_is_named_in_the_order_of_the_file():
    text = changed("desk@example.com", "desk").replace("price: 45.5", "price: x").replace("[rui]", "[eva]")
    fields = [line.split(": ")[1] for line in refusal(text.replace("name: Rui", "name: Rui\n    nick: R"))]
    assert fields == [
        "contact_email",
        "resources.rui.nick",
        "services.folding.price",
        "services.festival.resources.1",
    ]


def test_the_error_has_its_fields_for_machines():
    with pytest.raises(HandledError) as caught:
        config.parse(changed("price: 45.5", "price: x"), "shop.yaml")
    assert caught.value.fields["services.folding.price"].startswith('line 30: "x" is not an amount of money')


def test_a_field_given_twice_is_a_mistake():
    lines = refusal(SHOP + "name: Other\n")
    assert lines == ["shop.yaml:43: name: is given twice, the first time in line 2"]


def test_a_day_given_twice_is_a_mistake():
    lines = refusal(changed("  monday-friday:", "  tuesday: 9-12\n  monday-friday:"))
    assert lines == ["shop.yaml:15: hours.monday-friday: gives tuesday a second time"]


def test_a_business_that_never_opens_is_a_mistake():
    text = changed("  monday-friday: 09:00-12:00, 13:00-18:00", "  monday-sunday: closed")
    text = text.replace("    hours: 10:00-12:00\n", "    closed: true\n")
    assert refusal(text) == ["shop.yaml:13: hours: is never open; give at least one day its hours"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "shop.yaml:1: is empty"),
        ("just words", "shop.yaml:1: is not a list of fields; write lines like name: My business"),
        ("slug: a\n name: b", "shop.yaml:2: is not valid YAML: mapping values are not allowed here"),
        ("slug: [a, b\n", "shop.yaml:2: is not valid YAML: while parsing a flow sequence"),
        ("slug: &a b\nname: *a", "shop.yaml:2: uses an alias (`*name`); write the value out"),
        ("&a [*a]", "shop.yaml:1: uses an alias (`*name`); write the value out"),
        ("<<: {slug: a}", "shop.yaml:1: uses a merge key (`<<`); write the values out"),
        ("slug: !!python/object/apply:os.system [ls]", "shop.yaml:1: uses a tag"),
        ("slug: a\n---\nslug: b", "shop.yaml:2: holds a second document"),
        ("? [a]\n: b", "shop.yaml:1: has a list or a mapping where a field's name should be"),
        ("[" * 100_000, "shop.yaml:1: is nested too deeply"),
        ("- " * 100_000, "shop.yaml:1: is nested too deeply"),
        ("#" * 10_000_000, "shop.yaml:1: the file is larger than 256 KB"),
        ("slug: \x00", "shop.yaml:1: is not valid YAML: unacceptable character #x0000"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, said: str):
    (line,) = refusal(text)
    assert line.startswith(said)


@pytest.mark.parametrize("trick", ['"a\\nBcc: b"', '"a\\u2028b"', '"a\\x00b"', '"a\\x1b[2Jb"'])
def test_a_name_stays_on_one_line_and_has_no_control_characters(trick: str):
    try:
        name = config.parse(changed("name: Paper Crane", f"name: {trick}"), "x").name
    except HandledError as error:
        name = ""
        assert "has a control character in it" in error.message
    assert name in ("", "a Bcc: b", "a b")


def test_line_breaks_of_a_web_form_are_line_breaks():
    shop = config.parse(SHOP + 'branding: {greeting: "Hello,\\r\\nthere"}\n', "x")
    assert shop.branding.greeting == "Hello,\nthere"


def test_numbers_that_are_names_stay_as_they_were_written():
    shop = config.parse(SHOP + "phone: 02079460123\n", "x")
    assert shop.phone == "02079460123"


def test_a_file_is_read_with_its_errors(tmp_path: Path):
    good, bad, absent = tmp_path / "a.yaml", tmp_path / "b.yaml", tmp_path / "c.yaml"
    good.write_bytes(b"\xef\xbb\xbf" + SHOP.encode())
    bad.write_bytes(b"slug: a\nname: \xff")
    assert config.parse_file(good) == config.parse(SHOP, "x")
    with pytest.raises(HandledError, match=r"b.yaml:2: is not UTF-8 text"):
        config.parse_file(bad)
    with pytest.raises(HandledError, match=r"c.yaml: No such file"):
        config.parse_file(absent)


def test_three_finished_businesses_come_along():
    demos = config.demo_documents()
    assert [each.pack for each in demos] == ["hair_beauty", "photography", "therapy"]
    assert all(each.contact_email.endswith("@example.com") and "(demo)" in each.name for each in demos)
    assert all(len(each.faq) >= 12 for each in demos)
    assert {service.payment for each in demos for service in each.services} == {"none"}


def test_the_documentation_explains_every_field_and_its_example_is_valid():
    page = (Path(__file__).parents[2] / "docs" / "tenants.md").read_text("utf-8")
    example = page.split("```yaml\n", 1)[1].split("```", 1)[0]
    document = config.parse(example, "tenants.md")
    parts = [TenantDocument, type(document.branding), type(document.resources[0]), type(document.exceptions[0])]
    parts += [type(document.services[0]), type(document.services[0].cancellation), type(document.faq[0])]
    unexplained = {f for part in parts for f in part.model_fields if f"`{f}`" not in page}
    assert unexplained == set()
