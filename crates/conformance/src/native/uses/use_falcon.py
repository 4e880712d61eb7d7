import falcon
import falcon.app_helpers
import falcon.asgi
from falcon import testing


class Thing:
    def on_get(self, request, response, number):
        response.media = {"number": number, "query": request.get_param_as_int("q")}


def use():
    app = falcon.App()
    app.add_route("/things/{number:int}", Thing())
    answer = testing.TestClient(app).simulate_get("/things/7", params={"q": 3})
    missing = testing.TestClient(app).simulate_get("/nothing")
    return [answer.json, missing.status, type(falcon.Request.get_param).__name__]
