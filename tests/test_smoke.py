async def test_smoke(customer):
    d = await customer.say("haircut on tuesday at 3pm, I am Anna Smith, anna@example.com")
    assert d["proposal"], d
    d = await customer.confirm(d["proposal"])
    assert d["booking"]["status"] == "confirmed"
    assert (await customer.snapshot())["bookings"]
