"""The public API of a Home Assistant: REST, and the commands of its websocket."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Self

import aiohttp

type Json = dict[str, Any]


class ApiError(Exception):
    """Home Assistant refused a request; the text says which and why."""


class Api:
    """Client of one Home Assistant, as one of its users."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, token: str | None = None
    ) -> None:
        """Talk to the Home Assistant at ``url``, with a user's access token if there is one."""
        self._session = session
        self.url = url
        self.token = token

    @classmethod
    @asynccontextmanager
    async def connect(cls, url: str, token: str | None = None) -> AsyncIterator[Self]:
        """Open a client for the time of a ``with`` block."""
        async with aiohttp.ClientSession() as session:
            yield cls(session, url, token)

    async def get(self, path: str) -> Any:
        """Return what a GET request answers."""
        return await self._request("GET", path)

    async def post(self, path: str, data: Mapping[str, Any] | None = None) -> Any:
        """Return what a POST request with a JSON body answers."""
        return await self._request("POST", path, json=dict(data or {}))

    async def post_form(self, path: str, data: Mapping[str, str]) -> Any:
        """Return what a POST request with a form as its body answers."""
        return await self._request("POST", path, data=dict(data))

    async def _request(self, method: str, path: str, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self._session.request(
            method, self.url + path, headers=headers, **body
        ) as response:
            if response.status >= 400:
                text = await response.text()
                raise ApiError(f"{method} {path}: {response.status} {text[:500]}")
            if response.content_type != "application/json":
                return await response.text()
            return await response.json()

    async def states(self) -> dict[str, Json]:
        """Return the states of all entities, by entity id."""
        return {state["entity_id"]: state for state in await self.get("/api/states")}

    async def call(self, action: str, data: Mapping[str, Any] | None = None) -> None:
        """Run an action, named as in ``switch.turn_on``."""
        domain, _, service = action.partition(".")
        await self.post(f"/api/services/{domain}/{service}", data)

    async def call_for(
        self, action: str, data: Mapping[str, Any] | None = None
    ) -> Json:
        """Run an action that answers, and return its answer."""
        domain, _, service = action.partition(".")
        path = f"/api/services/{domain}/{service}?return_response"
        answer: Json = (await self.post(path, data))["service_response"]
        return answer

    async def wait_until_running(self, timeout_s: float = 60) -> None:
        """Wait for the end of Home Assistant's start.

        Raises:
            TimeoutError: it is still starting after ``timeout_s`` seconds.
        """
        async with asyncio.timeout(timeout_s):
            while (await self.get("/api/config"))["state"] != "RUNNING":
                await asyncio.sleep(0.3)

    async def command(self, kind: str, **fields: Any) -> Any:
        """Return the result of one websocket command."""
        async with self._session.ws_connect(f"{self.url}/api/websocket") as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self.token})
            await socket.receive_json()
            await socket.send_json({"id": 1, "type": kind, **fields})
            answer = await socket.receive_json()
        if not answer.get("success"):
            raise ApiError(f"{kind}: {answer.get('error', answer)}")
        return answer["result"]
