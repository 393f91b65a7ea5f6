"""The first user of a new Home Assistant, and the login of later starts."""

import secrets

from .api import Api, ApiError


async def log_in(api: Api) -> str:
    """Give ``api`` the token of the demo's user, made on the first start.

    Returns:
        the refresh token, with which a browser can be logged in too.
    """
    client = f"{api.url}/"
    if await _is_new(api):
        code = await _make_user(api, client)
    else:
        code = await _trusted_login(api, client)
    tokens = await api.post_form(
        "/auth/token",
        {"grant_type": "authorization_code", "code": code, "client_id": client},
    )
    api.token = tokens["access_token"]
    await _finish_onboarding(api, client)
    refresh_token: str = tokens["refresh_token"]
    return refresh_token


async def _is_new(api: Api) -> bool:
    steps = await _onboarding(api)
    return "user" in steps


async def _onboarding(api: Api) -> set[str]:
    """Return the steps of the onboarding that are still to do."""
    try:
        steps = await api.get("/api/onboarding")
    except ApiError:
        # Once all is done, the address is gone at the next start.
        return set()
    return {step["step"] for step in steps if not step["done"]}


async def _make_user(api: Api, client: str) -> str:
    answer = await api.post(
        "/api/onboarding/users",
        {
            "client_id": client,
            "name": "Demo",
            "username": "demo",
            # Nobody needs it: one logs in by being on the machine's own network.
            "password": secrets.token_urlsafe(24),
            "language": "en",
        },
    )
    code: str = answer["auth_code"]
    return code


async def _trusted_login(api: Api, client: str) -> str:
    answer = await api.post(
        "/auth/login_flow",
        {
            "client_id": client,
            "handler": ["trusted_networks", None],
            "redirect_uri": client,
        },
    )
    code: str = answer["result"]
    return code


async def _finish_onboarding(api: Api, client: str) -> None:
    left = await _onboarding(api)
    if "analytics" in left:
        await api.post("/api/onboarding/analytics")
    if "integration" in left:
        await api.post(
            "/api/onboarding/integration",
            {"client_id": client, "redirect_uri": client},
        )
