import time, asyncio, json, httpx2
from tests.conftest import *
from tests.customers import *
from tests.faults.scripted_model import *

async def test_x(settings, engine, studio, monkeypatch):
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    model, settings = installed(monkeypatch, settings, lambda a: Say(["Hello ", "there."]))
    settings = settings.model_copy(update={"worker":False})
    async with running(settings) as server, httpx2.AsyncClient(base_url=server.url, timeout=30, limits=httpx2.Limits(max_connections=20)) as http:
        c = Customer(http, studio.key)
        await c.start()
        print((await c.say("hi"))["message"])
        cs=[Customer(http, studio.key) for _ in range(20)]
        await asyncio.gather(*(x.start() for x in cs))
        for k in range(3):
            t=time.time()
            u=time.process_time()
            await asyncio.gather(*(x.say("hi") for x in cs))
            print("20 turns par", time.time()-t, time.process_time()-u)
        model.script = lambda a: Say(["Look. "], [("find_slots", {"service":"haircut","when":"tuesday"})]) if not a.returns else Say(["Here."])
        t=time.time()
        u=time.process_time()
        await asyncio.gather(*(x.say("hi") for x in cs))
        print("20 turns tool", time.time()-t, time.process_time()-u)
