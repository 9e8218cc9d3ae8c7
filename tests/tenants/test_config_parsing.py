from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from paper_crane import SHOP

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
    text = """
        {slug: a, name: Ana, contact_email: a@example.com, timezone: UTC, locale: en, currency: JPY,
         hours: {daily: 9-17}, services: [{key: tea, name: Tea, duration: 20, price: 1500}]}
    """
    shop = config.parse(text, "a.yaml")
    assert [(each.key, each.name) for each in shop.resources] == [("main", "Ana")]
    assert (shop.services[0].resources, shop.services[0].price) == (("main",), 1500)


def test_json_is_read_as_well():
    text = (
        '{"slug": "a", "name": "A", "contact_email": "a@example.com", "timezone": "UTC", "locale": "en",'
        ' "currency": "USD", "hours": {"monday": "9:00-17:00"}}'
    )
    assert config.parse(text, "body").hours == (Opening(0, 540, 1020),)


def mistakes() -> list[tuple[str, str, str]]:
    """What the good file says (`-`), what the bad one says there (`+`), and what is said about it (`=`)."""
    blocks = (Path(__file__).parent / "mistakes.txt").read_text("utf-8").strip().split("\n\n")
    return [tuple(line[2:].replace("\\n", "\n") for line in block.split("\n")) for block in blocks]  # pyright: ignore[reportReturnType]


@pytest.mark.parametrize(("old", "new", "line"), mistakes())
def test_a_mistake_is_named_with_its_line_and_field(old: str, new: str, line: str):
    assert refusal(changed(old, new)) == [line]


@pytest.mark.parametrize("color", ["red", "#12345", "7a4a63"])
def test_a_colour_is_a_hex_colour(color: str):
    lines = refusal(SHOP + f"branding:\n  color: '{color}'\n")
    assert lines == [f'shop.yaml:43: branding.color: "{color}" is not a colour; write it in quotes as "#7a4a63"']


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
    "origin",
    ["example.com", "https://example.com/shop", "ftp://example.com", "https://*", "null", "https://a:b@c.de"],
)
def test_anything_else_is_no_origin(origin: str):
    (line,) = refusal(SHOP + f"allowed_origins: ['{origin}']\n")
    assert line.startswith(f'shop.yaml:42: allowed_origins.1: "{origin}" is not a web origin')


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
    assert lines == ["shop.yaml:42: name: is given twice, the first time in line 2"]


def test_a_day_given_twice_is_a_mistake():
    lines = refusal(changed("  monday-friday:", "  tuesday: 9-12\n  monday-friday:"))
    assert lines == ["shop.yaml:16: hours.monday-friday: gives tuesday a second time"]


def test_a_business_that_never_opens_is_a_mistake():
    text = changed("  monday-friday: 09:00-12:00, 13:00-18:00", "  monday-sunday: closed")
    text = text.replace("    hours: 10:00-12:00\n", "    closed: true\n")
    assert refusal(text) == ["shop.yaml:14: hours: is never open; give at least one day its hours"]


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
    assert {service.payment for each in demos for service in each.services} == {"none", "deposit", "full"}


def test_the_documentation_explains_every_field_and_its_example_is_valid():
    page = (Path(__file__).parents[2] / "docs" / "tenants.md").read_text("utf-8")
    example = page.split("```yaml\n", 1)[1].split("```", 1)[0]
    document = config.parse(example, "tenants.md")
    parts = [
        TenantDocument,
        type(document.branding),
        type(document.resources[0]),
        type(document.exceptions[0]),
    ]
    parts += [type(document.services[0]), type(document.services[0].cancellation), type(document.faq[0])]
    unexplained = {f for part in parts for f in part.model_fields if f"`{f}`" not in page}
    assert unexplained == set()
