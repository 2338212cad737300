"""A browser of the plainest kind, whose requests go to several servers in turn."""

import http.client
import itertools
import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.factories import PASSWORD


class Answer:
    """Status, headers and text of what came back."""

    def __init__(self, response):
        self.status, self.headers = response.status, response.headers
        self.text = response.read().decode(errors="replace")


class Visitor:
    """Keeps cookies, and remembers nothing of which server it spoke to."""

    def __init__(self, ports, account=None, address=None):
        self.ports = itertools.cycle(ports)
        self.address = address
        self.cookies = {}
        if account:
            self.get("/login/")
            answer = self.post("/login/", username=account["username"], password=PASSWORD)
            assert answer.status == 302, answer.text

    def get(self, path, **headers):
        """The answer to a GET."""
        return self._ask("GET", path, None, headers)

    def post(self, path, fields=None, **named):
        """The answer to a form, its token added."""
        token = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        body = urlencode({**token, **(fields or {}), **named}, doseq=True)
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def field(self, text, name):
        """The value of a hidden field of a page."""
        return re.search(rf'name="{name}" value="([^"]*)"', text)[1]

    def _ask(self, method, path, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", next(self.ports), timeout=30)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Host": "localhost", "Connection": "close", **({"Cookie": cookie} if cookie else {}), **headers}
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        answer = Answer(response)
        connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer
