"""A headless Chromium that reaches nothing but loopback, and what it logged."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import (
    NoSuchElementException, StaleElementReferenceException, TimeoutException, WebDriverException)
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

WAIT_SECONDS = 15
# What Chromium's own inspector answers a command whose page goes away meanwhile; chromedriver has no error for it.
PAGE_WENT_AWAY = "unhandled inspector error"


def text_of_body(driver: webdriver.Chrome) -> tuple[str] | None:
    """None where the page went away before it was read."""
    try:
        return (driver.find_element(By.TAG_NAME, "body").text,)
    except (NoSuchElementException, StaleElementReferenceException):
        return None
    except WebDriverException as error:
        if PAGE_WENT_AWAY in str(error):
            return None
        raise


class Browser:
    def __init__(self, profile: Path, javascript: bool = True) -> None:
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", f"--user-data-dir={profile}", "--disable-gpu", "--disable-dev-shm-usage",
                         "--no-first-run", "--disable-background-networking", "--disable-component-update",
                         "--no-proxy-server",
                         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"):
            options.add_argument(argument)
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")  # Chromium's own sandbox refuses root
        if not javascript:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_script_timeout(WAIT_SECONDS)

    def end(self) -> None:
        self.driver.quit()

    def open(self, url: str) -> Browser:
        self.driver.get(url)
        return self

    def hold_as_a_phone(self, width: int = 390, height: int = 844) -> None:
        """A phone's screen and pixels from now on."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 3, "mobile": True})

    def forget(self) -> None:
        """No cookies and nothing logged, as in a new window."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.complaints()
        self.requests()

    # What a person does

    def element(self, name: str) -> WebElement:
        return self.driver.find_element(By.ID, name)

    def labelled(self, label: str) -> WebElement:
        """The input with that label, as an assistive technology finds it."""
        found = [element for element in self.driver.find_elements(By.CSS_SELECTOR, "input")
                 if element.is_displayed() and element.accessible_name == label]
        assert len(found) == 1, f"{len(found)} inputs are labelled {label!r}"
        return found[0]

    def type(self, label: str, text: str) -> None:
        field = self.labelled(label)
        field.clear()
        field.send_keys(text)

    def press(self, name: str) -> None:
        buttons = [button for button in self.driver.find_elements(By.CSS_SELECTOR, "button")
                   if button.is_displayed() and button.accessible_name == name]
        assert len(buttons) == 1, f"{len(buttons)} buttons are called {name!r}"
        buttons[0].click()

    def wait_for(self, text: str) -> None:
        """Until the page shows that text."""
        try:
            WebDriverWait(self.driver, WAIT_SECONDS, 0.05).until(lambda _: text in self.shown())
        except TimeoutException:
            raise AssertionError(f"the page does not say {text!r} but {self.shown()!r}") from None

    def wait_for_other_than(self, text: str) -> None:
        """Until the page shows something else than that."""
        WebDriverWait(self.driver, WAIT_SECONDS, 0.05).until(lambda _: self.shown() not in ("", text))

    def shown(self) -> str:
        """What can be read. Between a body that was found and its text, the next page may have come."""
        return WebDriverWait(self.driver, WAIT_SECONDS, 0.01).until(text_of_body)[0]

    def focused(self) -> str:
        return self.driver.switch_to.active_element.get_attribute("id")

    # What it says to itself

    def run(self, script: str, *arguments: Any) -> Any:
        """What an asynchronous function with that body returns, in the page."""
        done = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            f"(async (...given) => {{ {script} }})(...Array.from(arguments).slice(0, -1))"
            ".then((value) => done({ value }), (error) => done({ error: String(error) }))", *arguments)
        assert "error" not in done, done["error"]
        return done["value"]

    @contextmanager
    def running_first(self, script: str) -> Iterator[None]:
        """Runs a script in every page before the page's own."""
        found = self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})
        yield
        self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", found)

    def complaints(self) -> list[str]:
        """Errors and warnings of the console: broken policies, failed scripts. Answers that refuse are none."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")
                and "the server responded with a status" not in entry["message"]]

    def requests(self) -> list[dict[str, Any]]:
        """What was asked for since this was called last: `url`, `method`, `headers`, `postData`."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [event["params"]["request"] for event in events if event["method"] == "Network.requestWillBeSent"]
