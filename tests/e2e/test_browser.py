"""The demo as a visitor sees it."""

from pathlib import Path

from playwright.async_api import Browser, Error, Page, ViewportSize

from .conftest import House

SIZE: ViewportSize = {"width": 1280, "height": 900}

# All text on the page, through the shadow roots that Home Assistant is built of.
TEXT = """() => {
  const read = (root) => [...root.childNodes].map((node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent;
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    if (["STYLE", "SCRIPT"].includes(node.tagName)) return "";
    return read(node) + (node.shadowRoot ? read(node.shadowRoot) : "");
  }).join(" ");
  return read(document.body);
}"""


async def _visit(browser: Browser, url: str, words: list[str], picture: Path) -> str:
    """Open a page as a stranger, wait for the words, and take a picture."""
    context = await browser.new_context(viewport=SIZE, locale="en")
    page = await context.new_page()
    try:
        await page.goto(url, wait_until="domcontentloaded")
        text = await _wait_for(page, words)
        await page.screenshot(path=picture)
    finally:
        await context.close()
    return text


async def _wait_for(page: Page, words: list[str], patience_s: float = 60) -> str:
    text = ""
    for _ in range(int(patience_s * 2)):
        text = await _read(page)
        if all(word in text for word in words):
            # The graphs are drawn a moment after the words.
            await page.wait_for_timeout(3000)
            return text
        await page.wait_for_timeout(500)
    missing = [word for word in words if word not in text]
    raise AssertionError(f"{missing} not on the page: {' '.join(text.split())[:2000]}")


async def _read(page: Page) -> str:
    try:
        return str(await page.evaluate(TEXT))
    except Error:
        # The login leads from page to page; what was being read may be gone.
        return ""


def test_dashboard_without_login(
    house: House, browser: Browser, tmp_path: Path
) -> None:
    """The address of the demo opens the house at a glance, and nobody has to log in."""
    words = ["Charging", "Mode", "Boost", "Sun", "Surplus", "Oven", "Clouds", "Plan"]
    words += ["80 % by", "In total"]
    text = house.background.run(
        _visit(browser, house.address, words, tmp_path / "dashboard.png")
    )
    assert "Configuration error" not in text
    assert "Entity not found" not in text


def test_integration_page(house: House, browser: Browser, tmp_path: Path) -> None:
    """The integration's page shows the site, its charger and how to add another."""
    url = f"{house.installation.url}/config/integrations/integration/ampacity"
    words = ["Ampacity", "Demo house", "Garage", "Add charger"]
    house.background.run(_visit(browser, url, words, tmp_path / "integration.png"))
