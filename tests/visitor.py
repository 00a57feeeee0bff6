"""A browser without JavaScript, over the network: its cookies and its form token."""

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid

from conftest import Server


class Visitor:
    """Somebody who visits a server; another `url` leads to another process of it."""

    def __init__(self, server: Server) -> None:
        self.url = server.url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/"))
        assert found
        self.token = found[1]

    def get(self, path: str) -> str:
        with self.opener.open(self.url + path, timeout=30) as answer:
            return str(answer.read().decode())

    def post(self, path: str, *, accept: str = "text/html", **fields: str) -> tuple[int, str]:
        """The status of a form that is sent, and what was answered."""
        body = urllib.parse.urlencode({"csrf_token": self.token, **fields}).encode()
        return self._send(urllib.request.Request(self.url + path, body, {"Accept": accept}))

    def send(self, path: str, fields: dict[str, str], **files: bytes) -> tuple[int, str]:
        """The same with files."""
        edge = uuid.uuid4().hex
        parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
        parts += [(f'name="{name}"; filename="a.txt"', content) for name, content in files.items()]
        body = b"".join(
            f"--{edge}\r\nContent-Disposition: form-data; {name}\r\n\r\n".encode() + value + b"\r\n"
            for name, value in parts
        )
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self._send(urllib.request.Request(self.url + path, body + f"--{edge}--\r\n".encode(), kind))

    def _send(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=120) as answer:
                return int(answer.status), answer.read().decode()
        except urllib.error.HTTPError as error:
            return int(error.code), error.read().decode()
